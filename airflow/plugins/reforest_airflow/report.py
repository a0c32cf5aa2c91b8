"""The report of a retrain, one click away from its task."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from airflow.sdk import BaseOperatorLink, conf
from airflow.sdk.execution_time.xcom import XCom

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

PREFIX = "/reforest"
RESULT = "return_value"
STORE = "store_conn_id"


def page(dag_id: str, run_id: str, task_id: str, map_index: int) -> str:
    """The address at which Airflow shows the report of a task."""
    base = conf.get("api", "base_url", fallback="/").rstrip("/")
    parts = (dag_id, run_id, task_id, str(map_index))
    return f"{base}{PREFIX}/report/" + "/".join(quote(part, safe="") for part in parts)


class ReportLink(BaseOperatorLink):
    """Leads to a page of ``pages.py``: no browser opens a file or a bucket from a web page."""

    name = "Retraining report"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:  # noqa: ARG002
        result = XCom.get_value(ti_key=ti_key, key=RESULT)
        if not result or not result.get("report"):
            return ""
        return page(ti_key.dag_id, ti_key.run_id, ti_key.task_id, ti_key.map_index)
