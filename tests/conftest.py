"""What every test shares: the database it runs on, a folder of its own, and the day."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import TemporaryCluster

settings.register_profile(
    "ci", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", max_examples=2000, deadline=None)
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
    """On PostgreSQL only what talks to the database is run again; browsers stay on SQLite."""
    if not config.getoption("--postgres"):
        return
    database = {"db", "transactional_db", "demo_db"}
    kept = [
        item
        for item in items
        if database & set(getattr(item, "fixturenames", ())) and "browser" not in item.keywords
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: object) -> Iterator[Path]:
    """Each test writes its files into a folder of its own."""
    var = tmp_path / "var"
    settings.WUHAO_VAR = var  # type: ignore[attr-defined]
    yield var
    shutil.rmtree(var, ignore_errors=True)
