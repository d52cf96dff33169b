"""ExactField: what goes in comes out, on either database, and storing never rounds."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from wuhao.core.fields import ExactField
from wuhao.registers.models import Park, Subject

CENTS = st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1).map(
    lambda n: Decimal(n).scaleb(-2)
)


@pytest.mark.property
@given(CENTS)
def test_a_value_survives_the_way_to_quanta_and_back(value):
    field = ExactField(quantum="0.01")
    assert field.from_db_value(field.get_prep_value(value)) == value


@pytest.mark.parametrize("value", [0.1, "abc", Decimal("0.001")])
def test_floats_words_and_finer_values_are_refused(value):
    with pytest.raises(ValidationError):
        ExactField(quantum="0.01").get_prep_value(value)


@pytest.mark.django_db
def test_the_database_keeps_a_whole_number():
    subject = Subject.objects.create(kind="park", key="P")
    Park.objects.create(subject=subject, code="P", name="P", short="P", level="x",
                        built_m2=Decimal("90071992547409.93"))  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT built_m2 FROM registers_park")
        [kept] = cursor.fetchone()
    assert kept == 9007199254740993
    assert Park.objects.get().built_m2 == Decimal("90071992547409.93")
    assert Park.objects.filter(built_m2=Decimal("90071992547409.93")).exists()
