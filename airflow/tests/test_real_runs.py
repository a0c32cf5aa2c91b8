"""The weekly DAG from end to end: Airflow's command line, spark-submit, the shaded jar."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desk import finish, lose_the_worker_of, newest
from real import Forest, children, is_running, wait_until


@pytest.fixture(autouse=True)
def emptied(forest: Forest) -> Iterator[None]:
    yield
    forest.empty()


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


def test_another_try_beside_the_first_ones_driver_ends_with_one_promotion(
    forest: Forest, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = forest.retrain()
    wait_until(lambda: first.poll() is not None or any(forest.model.glob("runs/*/1")))
    (driver,) = children(first.pid)
    # The worker dies. Its driver waits until the other one has begun; then they run side by side.
    os.kill(driver, signal.SIGSTOP)
    first.kill()
    first.wait()
    run = newest("retrain_weekly").run
    lose_the_worker_of(run)

    def go_on() -> None:
        wait_until(lambda: any(forest.model.glob("runs/*/2")))
        os.kill(driver, signal.SIGCONT)

    for name, value in forest.environment().items():
        monkeypatch.setenv(name, value)
    with ThreadPoolExecutor(1) as threads:
        beside = threads.submit(go_on)
        ended = finish(run)
        beside.result()
    wait_until(lambda: not is_running(driver))

    assert ended.run.run_id == run.run_id
    assert (ended.tries["plan"], ended.tries["retrain"]) == (1, 2)
    assert ended.states["notify_promoted"] == "success"
    assert len(ended.events("bikeshare bundle")) == 1
    (promotion,) = forest.promotions()
    assert [bundle.name for bundle in (forest.model / "bundles").iterdir()] == [promotion["bundle"]]
    # Each has told of the one promotion, in a file of its own.
    results = forest.results()
    assert set(results) == {"retrain-1.json", "retrain-2.json"}
    assert results["retrain-2.json"] == ended.xcom("retrain")
    for result in results.values():
        assert (result["verdict"], result["run"]) == ("PROMOTE", promotion["run"])
        assert result["bundle"]["digest"] == result["champion"]["digest"] == promotion["bundle"]
