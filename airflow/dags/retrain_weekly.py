"""Retrains one model every Monday, and says how it ended.

All decisions are Reforest's: this file calls the command line, reads the result that it writes, and
takes one of two ways on. A verdict that keeps the champion is a success, not a failure.

Settings, as Airflow Variables:

* ``reforest_conf``     the model's configuration, an absolute path; needed unless a run names one
* ``reforest_command``  how to call Reforest; ``reforest`` on the PATH by default. A launcher's path
  or a whole ``spark-submit ... reforest.jar`` will do
* ``reforest_home``     the home, when the configuration does not name the right one

A run that is triggered by hand or by an asset has no logical date. It is then the same run as every
other one on the same data, configuration and code, and returns their verdict without training.
"""

from __future__ import annotations

import json
import logging
import os
import shlex
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

log = logging.getLogger(__name__)

# Exit codes that another try cannot mend: 2 arguments or configuration, 3 data refused.
FINAL_EXIT_CODES = (2, 3)


@dag(
    schedule="0 3 * * 1",
    start_date=datetime(2026, 1, 5, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=8),
    default_args={
        "retries": 3,
        "retry_delay": timedelta(minutes=5),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(hours=1),
    },
    params={
        "conf": Param(
            None,
            type=["null", "string"],
            description="Configuration of the model; the Variable reforest_conf by default.",
        ),
    },
    tags=["reforest"],
    doc_md=__doc__,
)
def retrain_weekly() -> None:
    @task(multiple_outputs=False, execution_timeout=timedelta(hours=2))
    def retrain(command: str, configuration: str, home: str) -> dict[str, Any]:
        """Runs ``reforest retrain --publish`` and returns what is of use to those after it."""
        if not configuration:
            raise AirflowFailException(
                "no configuration is named: set the Variable reforest_conf, or the run's conf"
            )
        with tempfile.TemporaryDirectory(prefix="reforest-") as folder:
            # A new folder for each try: the result of another one cannot be taken for this one's.
            result_file = Path(folder) / "result.json"
            arguments = [*shlex.split(command), "retrain", "--conf", configuration, "--publish"]
            arguments += ["--result", os.fspath(result_file)]
            if home:
                arguments += ["--home", home]
            logical_date: datetime | None = get_current_context().get("logical_date")
            if logical_date is not None:
                arguments += ["--logical-date", logical_date.isoformat()]
            log.info("Running %s", shlex.join(arguments))
            ended = subprocess.run(arguments, stdin=subprocess.DEVNULL, check=False)
            result = json.loads(result_file.read_text("utf-8")) if result_file.exists() else {}
        if ended.returncode != 0:
            raise failure(ended.returncode, result.get("error") or {})
        told = ("verdict", "reasons", "model", "run", "bundle", "report")
        return {key: result[key] for key in told}

    @task.branch
    def verdict(result: dict[str, Any]) -> str:
        """The way on: PROMOTE leads to one notice, KEEP and INCONCLUSIVE to the other."""
        return "notify_promoted" if result["verdict"] == "PROMOTE" else "notify_kept"

    @task
    def notify_promoted(result: dict[str, Any]) -> None:
        log.info("%s: bundle %s has won", result["model"], result["bundle"]["digest"])
        explain(result)

    @task
    def notify_kept(result: dict[str, Any]) -> None:
        log.info("%s keeps its champion: %s", result["model"], result["verdict"])
        explain(result)

    result = retrain(
        command="{{ var.value.get('reforest_command', 'reforest') }}",
        configuration="{{ params.conf or var.value.get('reforest_conf', '') }}",
        home="{{ var.value.get('reforest_home', '') }}",
    )
    verdict(result) >> [notify_promoted(result), notify_kept(result)]


def failure(exit_code: int, error: dict[str, Any]) -> Exception:
    """The exception for an exit code, which says whether another try makes sense."""
    text = f"reforest ended with exit code {exit_code}"
    if error:
        text += f": {error['message']} Hint: {error['hint']}"
    return AirflowFailException(text) if exit_code in FINAL_EXIT_CODES else RuntimeError(text)


def explain(result: dict[str, Any]) -> None:
    for reason in result["reasons"]:
        log.info("Reason: %s", reason)
    log.info("Run %s, report %s", result["run"], result["report"])


retrain_weekly()
