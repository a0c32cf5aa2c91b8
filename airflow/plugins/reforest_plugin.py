"""Tells Airflow of the report's link on a task's page, and of the pages that it leads to."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

from reforest_airflow.report import PREFIX, ReportLink


async def pages(scope: Any, receive: Any, send: Any) -> None:
    """Imported when it is asked for: workers load plugins, too, but not the API server."""
    from reforest_airflow.pages import app

    await app(scope, receive, send)


class ReforestPlugin(AirflowPlugin):
    name = "reforest"
    operator_extra_links: ClassVar[list[Any]] = [ReportLink()]
    fastapi_apps: ClassVar[list[Any]] = [{"name": "reforest", "app": pages, "url_prefix": PREFIX}]
