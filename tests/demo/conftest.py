"""The made-up population and its workbooks, made once for all tests of the demo."""

from pathlib import Path

import pytest

from tests.paths import CITY
from wuhao.demo.population import generate
from wuhao.demo.shapes import Population
from wuhao.demo.workbooks import write_workbooks


@pytest.fixture(scope="session")
def population() -> Population:
    return generate(CITY)


@pytest.fixture(scope="session")
def books(population: Population, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    paths = write_workbooks(population, tmp_path_factory.mktemp("books"), population.year)
    return dict(zip(("T0", "T1", "T2", "T3", "T4", "T6"), paths, strict=True))
