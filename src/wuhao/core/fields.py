"""ExactField: Decimal in Python, bigint in the database, in a stated quantum."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from wuhao.core.exact import from_quanta, to_quanta


class ExactField(models.BigIntegerField[Any, Any]):
    """A Decimal kept as a whole number of quanta, because SQLite keeps DecimalField as REAL.

    Raises ValidationError for a value that is not a whole number of quanta: storing never rounds.
    """

    description = _("精确数")
    # What is kept is a whole number; what Python sees is a Decimal.
    _pyi_private_set_type: Decimal | int | str  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]
    _pyi_lookup_exact_type: Decimal | int | str  # type: ignore[assignment]

    def __init__(self, *args: Any, quantum: str = "0.01", **kwargs: Any) -> None:
        self.quantum = Decimal(quantum)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "quantum": str(self.quantum)}

    def from_db_value(self, value: int | None, *_args: Any) -> Decimal | None:
        return None if value is None else from_quanta(value, self.quantum)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise ValidationError(_("%(value)s 是浮点数，请用精确小数。"), params={"value": value})
        try:
            return Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            raise ValidationError(_("%(value)s 不是数。"), params={"value": value}) from None

    def get_prep_value(self, value: Any) -> int | None:
        exact = self.to_python(value)
        if exact is None:
            return None
        if exact % self.quantum:
            raise ValidationError(
                _("%(value)s 的小数位多于 %(quantum)s 所能记的。"),
                params={"value": exact, "quantum": self.quantum},
            )
        return to_quanta(exact, self.quantum)
