"""``retrain --publish`` and ``rollback`` by ``spark-submit``, judged by the result they write."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import BaseHook
from airflow.sdk.exceptions import (
    AirflowException,
    AirflowFailException,
    AirflowNotFoundException,
)

from reforest_airflow.failure import told
from reforest_airflow.report import STORE, ReportLink, page
from reforest_airflow.storage import for_hadoop, open_path

if TYPE_CHECKING:
    from airflow.sdk import Context, ObjectStoragePath

    Options = Sequence[str] | Callable[..., Sequence[str]]

log = logging.getLogger(__name__)

# Arguments or configuration; data. No other try can mend these.
FINAL_EXIT_CODES = (2, 3)

# The kinds of run whose logical date is a place in the schedule.
SCHEDULED = ("scheduled", "backfill")


class RetrainOperator(SparkSubmitOperator):
    """
    Trains a challenger of one model, and returns the result of the command as its XCom.

    How the task ends is decided by the result file alone: a cluster may lose exit codes, and in the
    log of ``spark-submit`` everybody's output is mixed. Exit codes 2 and 3 fail the task at once.
    All else is tried again: 4 and 5, a result that is missing, and also 1, because that is how a
    lost executor or a full memory ends as well as a bug, and another try of the same run costs no
    more than time.

    Each try submits a driver of its own and has a result file of its own. A driver of an earlier
    try that still runs, because its worker has died, cannot promote a second time: Reforest knows
    the run again. So Airflow need not find that driver again, and ``durable`` is off.

    :param model: name of the model that the configuration must be for
    :param configuration: the model's configuration, a file that the driver can read (templated)
    :param home: home of tables, runs and bundles, a path or URI (templated)
    :param options: more options and settings of ``retrain`` (templated)
    :param dry_run: check what can be checked without Spark, and change nothing
    :param store_conn_id: connection by which Airflow reads the home (templated)
    :param application: the jar of Reforest (templated)
    :param conn_id: connection to Spark, which must exist
    """

    template_fields: Sequence[str] = (
        *SparkSubmitOperator.template_fields,
        "configuration",
        "home",
        "options",
        "store_conn_id",
    )
    operator_extra_links = (ReportLink(),)
    ui_color = "#e3efd9"

    def __init__(
        self,
        *,
        model: str,
        configuration: str,
        home: str,
        options: Options = (),
        dry_run: bool = False,
        store_conn_id: str | None = None,
        conn_id: str = "reforest_spark",
        java_class: str = "reforest.cli.Reforest",
        **kwargs: Any,
    ) -> None:
        super().__init__(conn_id=conn_id, java_class=java_class, durable=False, **kwargs)
        self.model = model
        self.configuration = configuration
        self.home = home
        self.options = options
        self.dry_run = dry_run
        self.store_conn_id = store_conn_id

    def execute(self, context: Context) -> dict[str, Any]:
        if context["ti"].try_number > 1:
            self.log.info(
                "An earlier try whose log just ends has lost its worker: the tab Audit Log says so."
            )
        self._refuse_what_is_missing()
        place = self._result_place(context)
        result_file = open_path(place, self.store_conn_id)
        self._make_way(result_file)
        # The page of the report does not know the operator, but what a task has left.
        context["ti"].xcom_push(STORE, self.store_conn_id)
        self.application_args = self._arguments(context, place)
        submitted: Exception | None = None
        try:
            super().execute(context)
        except FileNotFoundError as e:
            raise AirflowFailException(
                told(
                    f"cannot start Spark: {e}",
                    "put the bin folder of a Spark 4.1 on the worker's PATH",
                )
            ) from None
        except Exception as e:  # whatever it says, the result knows better
            submitted = e
        try:
            result = json.loads(result_file.read_text("utf-8"))
        except FileNotFoundError:
            raise AirflowException(
                told(
                    f"the driver has not said how the run went: {ending(submitted)}, and there is"
                    f" no result at {place}",
                    "look above, or in the driver's log, for what ended it; code -9 or 137 is a"
                    " process that was killed, often for want of memory. Another try finds"
                    " what this one has left",
                )
            ) from None
        outcome = self._outcome(result, submitted)
        if outcome["report"]:
            ti = context["ti"]
            log.info("Report: %s", page(ti.dag_id, ti.run_id, ti.task_id, ti.map_index))
        return outcome

    def _refuse_what_is_missing(self) -> None:
        needed = {
            "the jar": self.application,
            "the configuration": self.configuration,
            "the home": self.home,
        }
        if missing := [name for name, value in needed.items() if not value]:
            raise AirflowFailException(
                told(
                    f"{self.task_id} does not know {' and '.join(missing)}",
                    "set the Variables that the DAG's documentation names",
                )
            )
        # Without one, SparkSubmitHook would submit to YARN instead, without a word.
        require_connection(
            self._conn_id,
            "it is unknown where Spark runs",
            "add it with type spark and a master such as local[4] or spark://HOST:7077 as its host",
        )
        if self.store_conn_id:
            require_connection(
                self.store_conn_id,
                "Airflow cannot read the home",
                "add it, or correct or remove the Variable reforest_store_connection",
            )

    def _make_way(self, result_file: ObjectStoragePath) -> None:
        """Removes a result that is there already, and so learns whether the home can be reached."""
        what = f"Airflow cannot reach the home {self.home}"
        try:
            result_file.unlink(missing_ok=True)
        except ImportError as e:
            hint = "install it beside Airflow; for S3, apache-airflow-providers-amazon[s3fs]"
            raise AirflowFailException(told(f"{what}: {e}", hint)) from None
        except Exception as e:  # each kind of store has its own
            hint = "see that the store is up and that the connection to it may write"
            raise AirflowException(told(f"{what}: {type(e).__name__}: {e}", hint)) from None

    def _result_place(self, context: Context) -> str:
        ti = context["ti"]
        name = f"{ti.task_id}{'' if ti.map_index < 0 else ti.map_index}-{ti.try_number}.json"
        run = re.sub(r"[^A-Za-z0-9._-]", "_", ti.run_id)  # HDFS knows no colons
        folder = f"{self.home.rstrip('/')}/results/{ti.dag_id}/{run}"
        return for_hadoop(f"{folder}/{name}")

    def _arguments(self, context: Context, result: str) -> list[str]:
        arguments = ["retrain", "--publish", f"--conf={self.configuration}"]
        arguments += [f"--home={for_hadoop(self.home)}", f"--result={result}"]
        # Other runs have none, or the time at which somebody filled in the form. Without it they
        # are the same run as long as data and settings are the same.
        logical_date = context.get("logical_date")
        if logical_date and context["dag_run"].run_type in SCHEDULED:
            arguments.append(f"--logical-date={logical_date.isoformat()}")
        if self.dry_run:
            arguments.append("--dry-run")
        return [*arguments, *self.options]

    def _outcome(self, result: dict[str, Any], submitted: Exception | None) -> dict[str, Any]:
        if error := result["error"]:
            code = error["exitCode"]
            text = told(error["message"], f"{error['hint']} (exit code {code})")
            if code in FINAL_EXIT_CODES:
                raise AirflowFailException(text)
            raise AirflowException(text)
        if result["model"] != self.model:
            raise AirflowFailException(
                told(
                    f"{self.configuration} is for the model {result['model']}, but this DAG is for"
                    f" {self.model}",
                    "name the right configuration in the Variable reforest_conf",
                )
            )
        if submitted:
            self.log.warning("The run has ended well, although spark-submit says: %s", submitted)
        self.log.info("Verdict: %s", result["verdict"] or "none")
        for reason in result["reasons"]:
            self.log.info("Reason: %s", reason)
        return result


def require_connection(name: str, consequence: str, hint: str) -> None:
    try:
        BaseHook.get_connection(name)
    except AirflowNotFoundException:
        what = f"there is no connection {name}, so {consequence}"
        raise AirflowFailException(told(what, hint)) from None


def ending(submitted: Exception | None) -> str:
    """How ``spark-submit`` has ended, without the lines of the log that its exception repeats."""
    if not submitted:
        return "spark-submit ended well"
    text = str(submitted)
    code = re.search(r"Error code is: (-?\d+)", text)
    return f"spark-submit ended with code {code[1]}" if code else text.partition("\n")[0]


class RollbackOperator(RetrainOperator):
    """
    Rolls one promotion back, and returns the result of the command as its XCom.

    The promotion is always named, so another try after a lost driver goes no further back: it finds
    what the first one has done. If another promotion stands by then, the task fails for good.

    :param promotion: number of the promotion that shall go (templated)
    :param reason: why, for the promotion log (templated)
    :param to: number of the promotion to go back to; the one before by default (templated)
    """

    template_fields: Sequence[str] = (
        *RetrainOperator.template_fields,
        "promotion",
        "reason",
        "to",
    )

    def __init__(
        self, *, promotion: int | str, reason: str, to: int | str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.promotion = promotion
        self.reason = reason
        self.to = to

    def _arguments(self, context: Context, result: str) -> list[str]:  # noqa: ARG002
        arguments = ["rollback", f"--conf={self.configuration}"]
        arguments += [f"--home={for_hadoop(self.home)}", f"--result={result}"]
        arguments += [f"--expect={self.promotion}", f"--reason={self.reason}"]
        if self.to is not None:
            arguments.append(f"--to={self.to}")
        if self.dry_run:
            arguments.append("--dry-run")
        return [*arguments, *self.options]
