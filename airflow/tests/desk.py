"""Runs a DAG to its end, and looks at what it left."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.assets.manager import asset_manager
from airflow.dag_processing.dagbag import DagBag
from airflow.jobs.job import Job
from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
from airflow.models.asset import AssetEvent, AssetModel
from airflow.models.dag import DagModel
from airflow.models.dagrun import DagRun
from airflow.models.xcom import XComModel
from airflow.sdk import DAG, Asset, DagRunState
from airflow.serialization.definitions.dag import SerializedDAG
from airflow.utils.session import create_session
from airflow.utils.sqlalchemy import prohibit_commit
from airflow.utils.state import State
from airflow.utils.types import DagRunType
from sqlalchemy import select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

CHALLENGER = "c" * 64
CHAMPION = "a" * 64
RUN = "0" * 32


def planned(**more: Any) -> dict[str, Any]:
    """The result of a dry run, as the command writes it."""
    return {
        "schema": 1,
        "command": "retrain",
        "status": "ok",
        "verdict": None,
        "reasons": ["the configuration is valid"],
        "model": "bikeshare",
        "run": None,
        "dataVersion": None,
        "bundle": None,
        "report": None,
        "champion": {"sequence": 7, "digest": CHAMPION},
        "error": None,
    } | more


def judged(verdict: str, **more: Any) -> dict[str, Any]:
    """The result of a retrain."""
    promoted = {"sequence": 8, "digest": CHALLENGER}
    return (
        planned(
            verdict=verdict,
            reasons=["the gain is 3.4, at least 0.01"],
            run=RUN,
            dataVersion=12,
            bundle={"digest": CHALLENGER, "location": "file:///staged"},
            report=f"file:///forest/models/bikeshare/runs/{RUN}/1/report.html",
            **({"champion": promoted} if verdict == "PROMOTE" else {}),
        )
        | more
    )


def failed(exit_code: int) -> dict[str, Any]:
    """The result of a command that failed."""
    error = {"code": "x", "exitCode": exit_code, "message": "it broke", "hint": "mend it"}
    return planned(model=None, champion=None, status="error", error=error)


@dataclass(frozen=True)
class Ended:
    """A run that has ended."""

    run: DagRun
    states: dict[str, str | None]
    tries: dict[str, int]

    @classmethod
    def of(cls, run: DagRun) -> Ended:
        with create_session() as session:
            instances = run.get_task_instances(session=session)
            return cls(
                run,
                {ti.task_id: ti.state and str(ti.state) for ti in instances},
                {ti.task_id: ti.try_number for ti in instances},
            )

    def xcom(self, task: str, key: str = "return_value") -> Any:
        query = XComModel.get_many(
            run_id=self.run.run_id, key=key, task_ids=task, dag_ids=self.run.dag_id
        )
        with create_session() as session:
            entry = session.scalars(query).first()
            return XComModel.deserialize_value(entry) if entry else None

    def events(self, asset: str) -> list[dict[str, Any]]:
        """What the events of an Asset say that this run has caused."""
        query = select(AssetEvent.extra).join(AssetModel, AssetModel.id == AssetEvent.asset_id)
        query = query.where(AssetModel.name == asset)
        query = query.where(AssetEvent.source_run_id == self.run.run_id)
        with create_session() as session:
            return list(session.scalars(query))


@dataclass
class Desk:
    """An installation, and the answers that its spark-submit will give."""

    home: Path
    stub: Path
    answers: int = 0

    def answer(self, command: str, exit_code: int | str, told: dict[str, Any] | str | None) -> None:
        """Adds an answer to ``plan`` or ``retrain``; the last one is given again and again."""
        self.answers += 1
        text = told if isinstance(told, str) else json.dumps(told) if told else ""
        (self.stub / command / f"{self.answers:03}").write_text(f"{exit_code}\n{text}")

    def calls(self, command: str) -> list[list[str]]:
        """The arguments of each spark-submit so far for ``plan`` or ``retrain``."""
        noted = self.stub / "calls.jsonl"
        calls = (
            [json.loads(line) for line in noted.read_text().splitlines()] if noted.exists() else []
        )
        return [call for call in calls if ("--dry-run" in call) == (command == "plan")]

    def run(
        self,
        dag_id: str,
        *,
        scheduled: datetime | None = None,
        manual: datetime | None = None,
        conf: dict[str, Any] | None = None,
    ) -> Ended:
        """Runs a DAG as ``airflow dags test`` does, but without waiting between tries.

        :param scheduled: makes it the scheduled run of that date
        :param manual: the date that the form sends along
        """
        dag = hurried(dag_id)
        with pytest.MonkeyPatch.context() as patch:
            if scheduled:
                patch.setattr(SerializedDAG, "create_dagrun", create_scheduled)
            return Ended.of(dag.test(logical_date=scheduled or manual, run_conf=conf))


def hurried(dag_id: str) -> DAG:
    """A DAG that does not wait between tries."""
    dag = DagBag().dags[dag_id]
    for task in dag.tasks:
        task.retry_delay = timedelta(0)
        task.retry_exponential_backoff = 0.0
    return dag


def finish(run: DagRun) -> Ended:
    """Runs what is left of a run that is there already; ``dag.test`` would make a new one."""

    def adopt(dag: SerializedDAG, *, session: Session, **_: Any) -> DagRun:
        adopted = session.get_one(DagRun, run.id)
        adopted.dag = dag
        adopted.state = DagRunState.RUNNING
        return adopted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SerializedDAG, "create_dagrun", adopt)
        return Ended.of(hurried(run.dag_id).test())


def lose_the_worker_of(run: DagRun) -> None:
    """What the scheduler does with the running task whose worker has not been heard of for long."""
    with create_session() as session:
        (instance,) = session.get_one(DagRun, run.id).get_task_instances(
            session=session, state="running"
        )
        instance.handle_failure("the worker is gone", session=session)


def update(asset: Asset, dag_id: str) -> None:
    """Lets an Asset be updated, and the scheduler look once for what waits for it."""
    with create_session() as session:
        session.execute(
            sql_update(DagModel)
            .where(DagModel.dag_id == dag_id)
            .values(is_paused=False, exceeds_max_non_backfill=False)
        )
        # A run that another test has left half-way would make the next one wait.
        session.execute(
            sql_update(DagRun)
            .where(DagRun.dag_id == dag_id, DagRun.state.in_(State.unfinished_dr_states))
            .values(state=DagRunState.FAILED)
        )
    with create_session() as session:
        updated = session.scalars(select(AssetModel).where(AssetModel.name == asset.name)).one()
        asset_manager.register_asset_change(asset=updated, session=session)
    with create_session() as session, prohibit_commit(session) as guard:
        SchedulerJobRunner(Job())._create_dagruns_for_dags(guard, session)
    with create_session() as session:
        session.execute(
            sql_update(DagModel).where(DagModel.dag_id == dag_id).values(is_paused=True)
        )


create_run = SerializedDAG.create_dagrun


def create_scheduled(dag: SerializedDAG, **given: Any) -> DagRun:
    """Creates the run that the scheduler would; ``dag.test`` knows only manual ones."""
    run_id = given["run_id"].replace("manual__", "scheduled__")
    return create_run(dag, **given | {"run_id": run_id, "run_type": DagRunType.SCHEDULED})


def newest(dag_id: str) -> Ended:
    """The newest run of a DAG, whoever started it."""
    query = select(DagRun).where(DagRun.dag_id == dag_id).order_by(DagRun.id.desc()).limit(1)
    with create_session() as session:
        run = session.scalars(query).one()
        session.expunge(run)
    return Ended.of(run)
