"""Which office's word goes first for a field, by the city's dated rule (authorities.yaml)."""

from dataclasses import dataclass

from wuhao.core import city

FILE = "authorities.yaml"


@dataclass(frozen=True)
class Authority:
    """The offices whose word goes first for a field, in order, and on what the rule stands.

    `status` is `default` where no document says so: then `document` is empty.
    """

    offices: tuple[str, ...] = ()
    document: str = ""
    status: str = ""


NO_RULE = Authority()


def authority_of(field: str, year: int) -> Authority:
    """The rule for a field of a year: the latest that began by then; NO_RULE without."""
    if not city.path_of(FILE).exists():
        return NO_RULE
    rules = [one for one in city.read(FILE)["rules"] if one["field"] == field]
    begun = [one for one in rules if one["since"] <= year]
    if not begun:
        return NO_RULE
    rule = max(begun, key=lambda one: int(one["since"]))
    offices = tuple(rule["offices"])
    return Authority(offices, rule.get("document", ""), rule.get("status", ""))
