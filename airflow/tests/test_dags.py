"""What holds for the DAG files themselves."""

from __future__ import annotations

import ast
import socket
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import AssetOrTimeSchedule
from airflow.serialization.encoders import coerce_to_core_timetable
from airflow.serialization.serialized_objects import DagSerialization
from airflow.timetables.base import TimeRestriction

from conftest import AIRFLOW
from reforest_airflow.assets import data_asset
from reforest_airflow.operator import RetrainOperator, RollbackOperator
from reforest_airflow.storage import for_airflow, for_hadoop


def refuse(*address: object) -> NoReturn:
    raise AssertionError(f"a connection to {address} was opened while DAGs were imported")


def test_all_are_imported_without_errors_and_without_a_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    bag = DagBag()

    assert bag.import_errors == {}
    assert set(bag.dags) == {"retrain_weekly", "bundle_consumers"}


def test_they_are_written_for_the_sdk_only_and_without_deadlines() -> None:
    for file in (AIRFLOW / "dags").glob("*.py"):
        imports = ast.walk(ast.parse(file.read_text("utf-8")))
        whole = {
            name.name for node in imports if isinstance(node, ast.Import) for name in node.names
        }
        assert not {module for module in whole if module.startswith("airflow")}, file
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "airflow":
                assert node.module in {"airflow.sdk", "airflow.sdk.exceptions"}, file
                # In 3.3.2 `dag.test` ends with an error when a DAG has a DeadlineAlert.
                assert not [name.name for name in node.names if "Deadline" in name.name], file


def test_the_weekly_one_runs_alone_in_time_and_without_catching_up() -> None:
    dag = DagBag().dags["retrain_weekly"]

    assert dag.catchup is False
    assert dag.max_active_runs == 1
    assert dag.dagrun_timeout == timedelta(hours=12)
    schedule = dag.schedule
    assert isinstance(schedule, AssetOrTimeSchedule)
    assert schedule.asset_condition.objects == (data_asset("bikeshare"),)
    retrain = dag.get_task("retrain")
    assert isinstance(retrain, RetrainOperator)
    tries = (1 + retrain.retries) * retrain.execution_timeout
    assert tries + retrain.retries * retrain.max_retry_delay <= dag.dagrun_timeout
    assert retrain.retry_exponential_backoff > 1
    assert retrain.on_failure_callback
    # Else another try waits for the first one's driver, which writes to the first one's result.
    assert retrain.durable is False


@pytest.mark.parametrize(
    "now",
    [
        datetime.now(tz=UTC),
        datetime(2026, 11, 30, 2, 59, tzinfo=UTC),
        datetime(2026, 11, 30, 3, 1, tzinfo=UTC),
        datetime(2026, 12, 6, 23, 59, tzinfo=UTC),
    ],
    ids=["today", "before Monday's time", "after it", "on Sunday"],
)
def test_switching_it_on_runs_nothing_before_next_monday(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("airflow.timetables.trigger.utcnow", lambda: now)
    dag = DagBag().dags["retrain_weekly"]

    first = coerce_to_core_timetable(dag.timetable).next_dagrun_info(
        last_automated_data_interval=None,
        restriction=TimeRestriction(dag.start_date, None, dag.catchup),
    )

    assert first
    assert first.run_after > now
    assert (first.run_after.isoweekday(), first.run_after.hour) == (1, 3)
    assert "Mondays 03:00 UTC" in dag.tags
    assert "Mondays at 03:00 UTC" in str(dag.description)


def test_everything_on_the_page_is_explained() -> None:
    for dag in DagBag().dags.values():
        assert dag.doc_md
        assert dag.description
        for task in dag.tasks:
            assert task.doc_md, task.task_id
        for name in dag.params:
            param = dag.params.get_param(name)
            assert param.schema["title"], name
            assert param.description, name
        assert DagSerialization.to_dict(dag)


@pytest.mark.parametrize(
    ("hadoop", "airflow"),
    [
        ("s3a://bucket/forest", "s3://bucket/forest"),
        ("hdfs://name/forest", "hdfs://name/forest"),
        ("/forest/s3a://odd", "/forest/s3a://odd"),
    ],
)
def test_buckets_have_one_name_for_spark_and_one_for_airflow(hadoop: str, airflow: str) -> None:
    assert for_airflow(hadoop) == for_airflow(airflow) == airflow
    assert for_hadoop(hadoop) == for_hadoop(airflow) == hadoop


def test_a_rollback_always_names_the_promotion_that_shall_go() -> None:
    rollback = RollbackOperator(
        task_id="rollback",
        model="bikeshare",
        configuration="bikeshare.conf",
        home="s3://bucket/models",
        promotion=7,
        reason="nights are off",
        application="reforest.jar",
    )

    assert rollback._arguments({}, "result.json") == [
        "rollback",
        "--conf=bikeshare.conf",
        "--home=s3a://bucket/models",
        "--result=result.json",
        "--expect=7",
        "--reason=nights are off",
    ]
