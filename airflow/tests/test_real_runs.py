"""The weekly DAG from end to end: Airflow's command line, spark-submit, the shaded jar."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import newest
from real import Forest, children, is_running, wait_until


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Forest:
    forest = Forest(tmp_path_factory.mktemp("forest"))
    forest.ingest(before="2011-08-01")
    return forest


@pytest.fixture
def forest(ingested: Forest) -> Iterator[Forest]:
    """The same table in the same place, and nothing else."""
    yield ingested
    for folder in ("models", "registry", "results"):
        shutil.rmtree(ingested.home / folder, ignore_errors=True)


def test_a_week_ends_with_a_published_bundle_that_its_consumers_take(forest: Forest) -> None:
    assert forest.retrain().wait() == 0

    ended = newest("retrain_weekly")
    result = ended.xcom("retrain")
    assert result["verdict"] == "PROMOTE"
    (promotion,) = forest.promotions()
    digest = result["bundle"]["digest"]
    assert promotion["bundle"] == digest
    bundle = forest.model / "bundles" / digest
    assert hashlib.sha256((bundle / "manifest.json").read_bytes()).hexdigest() == digest
    assert (bundle / "model.pmml").is_file()
    assert ended.states["notify_promoted"] == "success"
    (event,) = ended.events("bikeshare bundle")
    assert event["digest"] == digest
    assert event["location"] == str(bundle)
    assert event["promotion"] == promotion["sequence"] == 1
    assert Path(result["report"].removeprefix("file://")).is_file()

    assert forest.start("dags", "test", "bundle_consumers").wait() == 0

    consumed = newest("bundle_consumers")
    assert consumed.states["roll_out"] == "success"
    assert consumed.xcom("verify") == str(bundle)


def test_a_driver_that_was_given_up_and_comes_late_promotes_nothing(forest: Forest) -> None:
    first = forest.retrain()
    wait_until(lambda: first.poll() is not None or any(forest.model.glob("runs/*/*")))
    (driver,) = children(first.pid)
    # As a worker that has died, and a driver that hangs.
    os.kill(driver, signal.SIGSTOP)
    first.kill()
    first.wait()

    second = forest.retrain()

    assert second.wait() == 0
    ended = newest("retrain_weekly")
    assert ended.xcom("retrain")["verdict"] == "PROMOTE"
    assert ended.xcom("retrain")["recorded"] is False
    assert ended.xcom("retrain")["attempt"] == 2
    assert len(ended.events("bikeshare bundle")) == 1
    (promotion,) = forest.promotions()
    assert promotion["bundle"] == ended.xcom("retrain")["bundle"]["digest"]

    assert is_running(driver)
    os.kill(driver, signal.SIGCONT)
    wait_until(lambda: not is_running(driver))

    assert forest.promotions() == [promotion]
    assert [bundle.name for bundle in (forest.model / "bundles").iterdir()] == [promotion["bundle"]]
    # It ended by itself, with the verdict of the one that came first.
    results = {file.parent.name: json.loads(file.read_text("utf-8")) for file in forest.results()}
    (late,) = (told for run, told in results.items() if run != folder_of(ended.run.run_id))
    assert (late["verdict"], late["recorded"]) == ("PROMOTE", True)
    assert late["bundle"]["digest"] == promotion["bundle"]


def folder_of(run_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", run_id)
