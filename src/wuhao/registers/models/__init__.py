"""Shapes of the registers, one file a subject."""

from wuhao.registers.models.claims import (
    ClaimedField,
    Disagreement,
    FieldChoice,
    FieldClaim,
)
from wuhao.registers.models.ledgers import (
    SLOTS,
    Dated,
    Enterprise,
    EnterpriseEvent,
    EnterpriseName,
    EnterprisePark,
    EnterpriseYear,
    Indicator,
    LandTenure,
    Observation,
    Park,
    Project,
    Recognition,
    Sourced,
    Subject,
)
from wuhao.registers.models.matches import (
    MatchAsked,
    MatchDecision,
    MatchQuestion,
)
from wuhao.registers.models.relations import EnterpriseRelation

__all__ = [
    "SLOTS",
    "ClaimedField",
    "Dated",
    "Disagreement",
    "Enterprise",
    "EnterpriseEvent",
    "EnterpriseName",
    "EnterprisePark",
    "EnterpriseRelation",
    "EnterpriseYear",
    "FieldChoice",
    "FieldClaim",
    "Indicator",
    "LandTenure",
    "MatchAsked",
    "MatchDecision",
    "MatchQuestion",
    "Observation",
    "Park",
    "Project",
    "Recognition",
    "Sourced",
    "Subject",
]
