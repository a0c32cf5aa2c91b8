"""Retrains one model every Monday, or when its data has changed, and says how it ended."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import (
    AssetOrTimeSchedule,
    CronTriggerTimetable,
    Label,
    Param,
    dag,
    get_current_context,
    task,
)

from reforest_airflow.assets import bundle_asset, data_asset
from reforest_airflow.failure import run_failed, task_failed, task_will_retry
from reforest_airflow.operator import RetrainOperator
from reforest_airflow.report import page
from reforest_airflow.storage import CONNECTION

if TYPE_CHECKING:
    from airflow.sdk import Context

log = logging.getLogger(__name__)

MODEL = "bikeshare"
DATA = data_asset(MODEL)
BUNDLE = bundle_asset(MODEL)
HOME = "{{ var.value.get('reforest_home', '') }}"

DOC = f"""
Trains a challenger of **{MODEL}** on the newest rows, compares it with the champion on rows that
neither has seen, and publishes it only if it is shown to be better. A champion that stays is a
success, not a failure.

| task | what it does |
|---|---|
| `plan` | checks configuration, table and champion, and changes nothing |
| `proceed` | ends the run here when only a dry run was asked for |
| `retrain` | trains, judges and, if the challenger wins, promotes; its details link to the report |
| `verdict` | chooses the notice |
| `notify_promoted` | updates the Asset *{BUNDLE.name}*, which starts `bundle_consumers` |
| `notify_kept` | says why the champion stays |
| `notify_alert` | warns that several runs in a row ended alike, and says what to look at |

It runs every Monday at 03:00 UTC, and when the Asset *{DATA.name}* is updated. A run that is
triggered by hand or by the Asset is one with all such runs on the same data, settings and code: it
returns their verdict without training, whatever its logical date. Give a reason to train again.
Each new try on the same rows asks for more proof.

**When it fails:** codes 1, 4 and 5 (a bug or a lost executor, another promotion, a store or cluster
that cannot be reached) and a lost driver have been tried three more times; clear the task to go on.
Codes 2 and 3 (configuration, data) need somebody: the log's last lines say what to do. A log that
just ends is that of a lost worker: the task's tab *Audit Log* says so. A task can be cleared at any
time; what has finished is not done again, unless the run has a reason to train again.

**Settings**, as Airflow Variables: `reforest_jar`, `reforest_conf` and `reforest_home` (paths or
URIs), `reforest_spark_properties` (a properties file for Spark, if any) and
`reforest_store_connection` (by which Airflow reads the home, if it needs one). The connection
`reforest_spark` says where Spark runs; there is no default.
"""


def form(context: Context, jinja_env: Any) -> list[str]:  # noqa: ARG001
    """What was filled in when the run was triggered, as options of the command line."""
    params = context["params"]
    options = []
    if params["data_version"] is not None:
        options.append(f"--data-version={params['data_version']}")
    if params["reason"]:
        options += ["--force", f"--reason={params['reason']}"]
    return [*options, *(params["overrides"] or [])]


@dag(
    schedule=AssetOrTimeSchedule(
        # False would still mean at once on a Monday, within a tenth of a week of the time.
        timetable=CronTriggerTimetable("0 3 * * 1", timezone="UTC", run_immediately=timedelta(0)),
        assets=[DATA],
    ),
    # No start_date: with one, a DAG that is switched on runs at once for the Monday before.
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=12),
    default_args={
        "owner": "reforest",
        "retries": 3,
        "retry_delay": timedelta(minutes=5),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(hours=1),
        "on_failure_callback": task_failed,
        "on_retry_callback": task_will_retry,
    },
    on_failure_callback=run_failed,
    params={
        "data_version": Param(
            None,
            type=["null", "integer"],
            minimum=0,
            title="Data version",
            description="Version of the Delta table to train on. Empty: the newest.",
        ),
        "reason": Param(
            None,
            type=["null", "string"],
            maxLength=500,
            title="Reason to train again",
            description=(
                "Trains although the same run has finished, counts as another try, and is recorded."
                " Empty: a finished run repeats its verdict."
            ),
        ),
        "dry_run": Param(
            False,
            type="boolean",
            title="Dry run",
            description="Only check configuration, table and champion. Nothing is trained.",
        ),
        "overrides": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "pattern": r"^(?!home=|model=)[a-z][A-Za-z0-9.-]*=.*$"},
            title="Settings for this run",
            description=(
                "One KEY=VALUE a line, such as train.seed=7, which go before the configuration's."
                " They make it another run on the same protected rows."
            ),
        ),
    },
    # Beside an Asset the list of DAGs shows no time.
    tags=["reforest", MODEL, "Mondays 03:00 UTC"],
    description=(
        f"On Mondays at 03:00 UTC, and when its data has changed: retrain {MODEL}, and publish it"
        " only if it is better"
    ),
    doc_md=DOC,
)
def retrain_weekly() -> None:
    settings: dict[str, Any] = {
        "model": MODEL,
        "application": "{{ var.value.get('reforest_jar', '') }}",
        "configuration": "{{ var.value.get('reforest_conf', '') }}",
        "home": HOME,
        "store_conn_id": CONNECTION,
        "properties_file": "{{ var.value.get('reforest_spark_properties', '') }}",
        "options": form,
        "name": "reforest {{ dag.dag_id }} {{ run_id }}",
        # Thousands of lines at INFO would hide the seven that tell how far the retrain is.
        "conf": {"spark.log.level": "WARN"},
    }

    plan = RetrainOperator(
        task_id="plan",
        dry_run=True,
        execution_timeout=timedelta(minutes=15),
        doc_md="Checks all that can be checked without starting Spark. Changes nothing.",
        **settings,
    )
    retrain = RetrainOperator(
        task_id="retrain",
        execution_timeout=timedelta(hours=2),
        doc_md="Trains and judges a challenger, and promotes it if it wins.",
        **settings,
    )

    @task.branch
    def proceed() -> str:
        """A dry run ends after the plan."""
        dry_run = get_current_context()["params"]["dry_run"]
        return "notify_planned" if dry_run else "retrain"

    @task
    def notify_planned(plan: dict[str, Any]) -> None:
        """Says what the dry run has found."""
        explain(f"{MODEL} could be retrained; nothing was", plan)

    @task.branch
    def verdict(result: dict[str, Any]) -> list[str]:
        """To one notice when the challenger is the champion now, else to the other."""
        champion = (result["champion"] or {}).get("digest")
        # A verdict that is repeated may have been overtaken by a rollback.
        won = result["verdict"] == "PROMOTE" and champion == result["bundle"]["digest"]
        notices = ["notify_promoted" if won else "notify_kept"]
        return [*notices, "notify_alert"] if result.get("alert") else notices

    @task(outlets=[BUNDLE])
    def notify_promoted(result: dict[str, Any], home: str) -> None:
        """Tells everyone who waits for a new bundle."""
        digest = result["champion"]["digest"]
        explain(f"{MODEL} has a new champion, {digest}", result)
        get_current_context()["outlet_events"][BUNDLE].extra = {
            "model": MODEL,
            "promotion": result["champion"]["sequence"],
            "digest": digest,
            "location": f"{home.rstrip('/')}/models/{MODEL}/bundles/{digest}",
            "run": result["run"],
            "verdict": result["verdict"],
            "dataVersion": result["dataVersion"],
            "report": result["report"],
        }

    @task
    def notify_kept(result: dict[str, Any]) -> None:
        """Says why the champion stays."""
        explain(f"{MODEL} keeps its champion: {result['verdict']}", result)

    @task
    def notify_alert(result: dict[str, Any]) -> None:
        """Warns of what no single run shows."""
        log.warning("%s: %s", MODEL, result["alert"])

    choice, ended = proceed(), verdict(retrain.output)
    plan >> choice
    choice >> Label("dry run") >> notify_planned(plan.output)
    choice >> retrain
    ended >> Label("promoted") >> notify_promoted(retrain.output, HOME)
    ended >> Label("kept or inconclusive") >> notify_kept(retrain.output)
    ended >> Label("alike again and again") >> notify_alert(retrain.output)


def explain(headline: str, result: dict[str, Any]) -> None:
    log.info("%s", headline)
    for reason in result["reasons"]:
        log.info("Reason: %s", reason)
    if result["report"]:
        ti = get_current_context()["ti"]
        log.info("Report: %s", page(ti.dag_id, ti.run_id, "retrain", -1))


retrain_weekly()
