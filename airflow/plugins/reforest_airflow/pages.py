"""The part of Airflow's API server that shows reports to those who may read the task's XCom."""

from __future__ import annotations

import re
from typing import Annotated, Any

from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import DagAccessEntity, requires_access_dag
from airflow.models.xcom import XComModel
from fastapi import Depends, FastAPI, HTTPException, Path, Response

from reforest_airflow.report import RESULT, STORE
from reforest_airflow.storage import open_path

# What a retrain writes, and nothing else that this server could read.
REPORT = re.compile(r".+/models/[^/]+/runs/[0-9a-f]{32}/[^/]+/report\.html")

# A report is one file without scripts. What it says comes from data, so nothing else may run.
HEADERS = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    ),
    "X-Content-Type-Options": "nosniff",
}

app = FastAPI(title="Reforest", docs_url=None, redoc_url=None, openapi_url=None)


@app.get(
    "/report/{dag_id}/{run_id}/{task_id}/{map_index}",
    dependencies=[Depends(requires_access_dag("GET", DagAccessEntity.XCOM))],
)
def report(
    dag_id: str,
    run_id: str,
    task_id: str,
    map_index: Annotated[int, Path(ge=-1)],
    session: SessionDep,
) -> Response:
    def left(key: str) -> Any:
        query = XComModel.get_many(
            run_id=run_id,
            key=key,
            task_ids=task_id,
            dag_ids=dag_id,
            map_indexes=map_index,
            limit=1,
        )
        entry = session.scalars(query).first()
        return XComModel.deserialize_value(entry) if entry else None

    result = left(RESULT)
    place = result.get("report") if isinstance(result, dict) else None
    if not isinstance(place, str) or ".." in place or not REPORT.fullmatch(place):
        raise HTTPException(404, "this task has no report")
    try:
        html = open_path(place, left(STORE)).read_bytes()
    except FileNotFoundError:
        raise HTTPException(404, f"the report is gone from {place}") from None
    return Response(html, media_type="text/html; charset=utf-8", headers=HEADERS)
