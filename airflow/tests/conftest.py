"""A real Airflow on SQLite, in a folder of its own; only what it submits may be a stub."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fsspec import AbstractFileSystem
from fsspec.implementations.dirfs import DirFileSystem
from fsspec.implementations.local import LocalFileSystem

AIRFLOW = Path(__file__).resolve().parent.parent
STUB = AIRFLOW / "tests" / "stub"

# Before anything imports airflow, which reads these when it is imported.
for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
    del os.environ[name]
HOME = Path(tempfile.mkdtemp(prefix="reforest-airflow-"))
os.environ |= {
    "AIRFLOW_HOME": os.fspath(HOME),
    "AIRFLOW__CORE__DAGS_FOLDER": os.fspath(AIRFLOW / "dags"),
    "AIRFLOW__CORE__PLUGINS_FOLDER": os.fspath(AIRFLOW / "plugins"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
    "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(),
}
PATH = os.environ["PATH"]


@pytest.fixture(scope="session", autouse=True)
def database() -> Iterator[None]:
    subprocess.run([AIRFLOW / "run", "db", "migrate"], check=True)
    yield
    shutil.rmtree(HOME)


from desk import Desk  # noqa: E402  it imports airflow
from real import Forest  # noqa: E402


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Forest:
    forest = Forest(tmp_path_factory.mktemp("forest"))
    forest.ingest(before="2011-08-01")
    return forest


@pytest.fixture(scope="module")
def forest(ingested: Forest) -> Iterator[Forest]:
    """The same table in the same place, and nothing else."""
    yield ingested
    ingested.empty()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """What an operator has set up, with a stub as spark-submit."""
    desk = Desk(tmp_path / "home", tmp_path / "stub")
    for answers in ("plan", "retrain"):
        (desk.stub / answers).mkdir(parents=True)
    monkeypatch.setenv("STUB_FOLDER", os.fspath(desk.stub))
    monkeypatch.setenv("PATH", f"{STUB}:{PATH}")
    monkeypatch.setenv("AIRFLOW_VAR_REFOREST_JAR", "reforest.jar")
    monkeypatch.setenv("AIRFLOW_VAR_REFOREST_CONF", "bikeshare.conf")
    monkeypatch.setenv("AIRFLOW_VAR_REFOREST_HOME", os.fspath(desk.home))
    monkeypatch.setenv("AIRFLOW_CONN_REFOREST_SPARK", "spark://local%5B2%5D")
    return desk


@pytest.fixture
def on_s3(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    The home in a bucket, in place of the desk's own.

    Airflow reaches it by the connection ``forest_store`` and not otherwise.
    """
    buckets = desk.home.parent / "buckets"

    def get_fs(connection: str | None, _: dict[str, Any]) -> AbstractFileSystem:
        if connection != "forest_store":
            raise PermissionError(f"nobody gets in by {connection}")
        return DirFileSystem(os.fspath(buckets), LocalFileSystem())

    monkeypatch.setattr("airflow.sdk.io.fs._register_filesystems", lambda: {"s3": get_fs})
    monkeypatch.setattr("airflow.sdk.io.store._STORE_CACHE", {})
    monkeypatch.setenv("AIRFLOW_VAR_REFOREST_STORE_CONNECTION", "forest_store")
    monkeypatch.setenv("AIRFLOW_CONN_FOREST_STORE", "generic://")
    monkeypatch.setenv("AIRFLOW_VAR_REFOREST_HOME", "s3a://forest/home")
    monkeypatch.setenv("STUB_BUCKETS", os.fspath(buckets))
    return buckets / "forest" / "home"
