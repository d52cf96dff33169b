"""What every test shares: the database it runs on, a folder of its own, and the day."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import demo_house
from tests.postgres import TemporaryCluster
from wuhao.core import day

DEMO_DAY = date(2022, 6, 28)

settings.register_profile(
    "ci", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", max_examples=2000, deadline=None)
settings.register_profile(
    "mutants",
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

CLUSTER: TemporaryCluster | None = None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres",
        action="store_true",
        help="run the tests that use a database, on a temporary PostgreSQL cluster",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster once, in the controlling process, before Django reads its settings."""
    global CLUSTER
    if config.getoption("--postgres") and not hasattr(config, "workerinput"):
        if reason := TemporaryCluster.absent():
            pytest.exit(f"PostgreSQL part skipped: {reason}", returncode=0)
        CLUSTER = TemporaryCluster()
        CLUSTER.start()
        os.environ["WUHAO_DATABASE_URL"] = CLUSTER.url


def pytest_unconfigure(config: pytest.Config) -> None:
    if CLUSTER is not None and not hasattr(config, "workerinput"):
        CLUSTER.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what talks to the database is run again; browsers stay on SQLite.

    Whole grids of methods and treatments are run by `make soak` alone.
    """
    kept = items
    if os.environ.get("HYPOTHESIS_PROFILE") != "soak":
        kept = [item for item in items if "soak" not in item.keywords]
    if config.getoption("--postgres"):
        kept = [item for item in kept if _talks_to_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _talks_to_the_database(item: pytest.Item) -> bool:
    asked = {"db", "transactional_db", "demo_db"} & set(getattr(item, "fixturenames", ()))
    return bool(asked or "django_db" in item.keywords) and "browser" not in item.keywords


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: object) -> Iterator[Path]:
    """Each test writes its files into a folder of its own."""
    var = tmp_path / "var"
    settings.WUHAO_VAR = var  # type: ignore[attr-defined]
    yield var
    shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(scope="session")
def played_demo(tmp_path_factory, django_db_setup, django_db_blocker) -> Path:
    """The demo city's database and files, played once by one of the workers."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "demo"
    with django_db_blocker.unblock(), day.on(DEMO_DAY), _own_settings() as own:
        demo_house.once(folder, lambda: demo_house.build(folder, own))
    return folder


@pytest.fixture
def demo_db(played_demo, tmp_path, settings, django_db_blocker) -> Iterator[Path]:
    """A copy of the demo city of its own for one test, on 28 June 2022."""
    target = tmp_path / "demo"
    settings.WUHAO_VAR = target / "var"
    settings.WUHAO_TODAY = DEMO_DAY
    settings.WUHAO_DEMO = True
    with django_db_blocker.unblock():
        name = demo_house.copy(played_demo, target)
        with demo_house.pointed_at(name):
            yield target
        demo_house.drop(name)


@contextmanager
def _own_settings() -> Iterator[object]:
    from django.conf import settings

    before = settings.WUHAO_VAR, settings.WUHAO_TODAY
    settings.WUHAO_TODAY = DEMO_DAY
    yield settings
    settings.WUHAO_VAR, settings.WUHAO_TODAY = before
