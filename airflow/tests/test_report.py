"""The page that a task's link leads to, served by Airflow's own API server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from airflow.api_fastapi.app import create_app, get_auth_manager
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from starlette.testclient import TestClient

from desk import RUN, Desk, Ended, judged, planned

HTML = "<!doctype html><title>Why it was promoted</title>"


@pytest.fixture(scope="module")
def server() -> Iterator[TestClient]:
    with TestClient(create_app()) as client:
        yield client


@pytest.fixture
def key(server: TestClient) -> dict[str, str]:  # noqa: ARG001  it starts the manager
    user = SimpleAuthManagerUser(username="operator", role="viewer")
    return {"Authorization": f"Bearer {get_auth_manager().generate_jwt(user)}"}


def retrained(desk: Desk, report: Path | str) -> Ended:
    place = report if str(report).startswith("s3a://") else f"file://{report}"
    desk.answer("plan", 0, planned())
    desk.answer("retrain", 0, judged("KEEP", report=place))
    return desk.run("retrain_weekly")


def link(ended: Ended, task: str) -> str:
    return ended.xcom(task, "_link_ReportLink")


def written(home: Path) -> Path:
    report = home / "models" / "bikeshare" / "runs" / RUN / "1" / "report.html"
    report.parent.mkdir(parents=True)
    report.write_text(HTML)
    return report


def test_shows_the_report_and_lets_it_do_nothing(
    desk: Desk, server: TestClient, key: dict[str, str]
) -> None:
    ended = retrained(desk, written(desk.home))

    path = urlsplit(link(ended, "retrain")).path
    answer = server.get(path, headers=key)

    assert answer.status_code == 200
    assert answer.text == HTML
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none';")


def test_reads_the_report_by_the_connection_of_the_store(
    desk: Desk, on_s3: Path, server: TestClient, key: dict[str, str]
) -> None:
    report = written(on_s3)
    ended = retrained(desk, f"s3a://forest/home/{report.relative_to(on_s3)}")

    answer = server.get(urlsplit(link(ended, "retrain")).path, headers=key)

    assert (answer.status_code, answer.text) == (200, HTML)


def test_the_link_is_on_the_page_of_the_task_and_in_the_logs(
    desk: Desk, server: TestClient, key: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    ended = retrained(desk, written(desk.home))

    run = f"/api/v2/dags/retrain_weekly/dagRuns/{ended.run.run_id}/taskInstances"
    links = server.get(f"{run}/retrain/links", headers=key).json()["extra_links"]

    assert links == {"Retraining report": link(ended, "retrain")}
    # In that of the notice, too.
    assert caplog.messages.count(f"Report: {link(ended, 'retrain')}") == 2
    # A dry run has no report.
    assert server.get(f"{run}/plan/links", headers=key).json()["extra_links"] == {
        "Retraining report": None
    }


def test_strangers_see_nothing(desk: Desk, server: TestClient) -> None:
    ended = retrained(desk, written(desk.home))

    answer = server.get(urlsplit(link(ended, "retrain")).path)

    assert answer.status_code == 401
    assert HTML not in answer.text


@pytest.mark.parametrize(
    "place",
    [
        "/etc/passwd",
        f"/forest/models/bikeshare/runs/{RUN}/1/report.html/../../../../../../../etc/passwd",
        f"/forest/models/../../runs/{RUN}/1/report.html",
    ],
)
def test_reads_nothing_but_reports(
    desk: Desk, server: TestClient, key: dict[str, str], place: str
) -> None:
    ended = retrained(desk, place)

    answer = server.get(urlsplit(link(ended, "retrain")).path, headers=key)

    assert (answer.status_code, answer.json()) == (404, {"detail": "this task has no report"})


def test_says_when_a_report_is_gone(desk: Desk, server: TestClient, key: dict[str, str]) -> None:
    report = written(desk.home)
    ended = retrained(desk, report)
    report.unlink()

    answer = server.get(urlsplit(link(ended, "retrain")).path, headers=key)

    assert answer.status_code == 404
    assert f"the report is gone from file://{report}" in answer.text
