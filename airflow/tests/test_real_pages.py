"""What an operator sees of the weekly DAG: the real Airflow, its pages, a real browser."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from selenium.webdriver.common.by import By

from office import DAG, Office
from real import SEARCH, Forest, driver_of, is_running, parent, wait_until

WEEK = "week"


@pytest.fixture(scope="module")
def office(forest: Forest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office.open(forest, tmp_path_factory.mktemp("office"))
    try:
        office.enter()
        yield office
    finally:
        office.close()


@dataclass(frozen=True)
class Week:
    """What was seen of a run that first lost its driver, then its worker."""

    killed: list[str]
    lost: str
    ended: list[str]


@pytest.fixture(scope="module")
def connected(office: Office) -> Office:
    office.connect()
    return office


@pytest.fixture(scope="module")
def week(connected: Office, forest: Forest) -> Week:
    office = connected
    office.trigger(WEEK, SEARCH)

    wait_until(lambda: any(forest.model.glob("runs/*/1")))
    driver = driver_of("week/retrain-1.json")
    assert driver
    os.kill(driver, signal.SIGKILL)
    office.wait_for(WEEK, "retrain", "up_for_retry", 1)
    killed = office.last_lines(WEEK, "retrain")
    office.photograph("killed")

    office.clear(WEEK, "retrain")
    wait_until(lambda: any(forest.model.glob("runs/*/2")))
    driver = driver_of("week/retrain-2.json")
    assert driver
    worker = parent(driver)
    for process in (parent(worker), worker):
        os.kill(process, signal.SIGKILL)
    office.let_the_worker_be_silent(WEEK, "retrain")
    office.wait_for(WEEK, "retrain", "up_for_retry", 2)
    office.look_at_task(WEEK, "retrain", "/events")
    office.read("heartbeat timeout")
    lost = office.text()
    office.photograph("lost")
    # Nobody hears of it, but it goes on to its end.
    wait_until(lambda: not is_running(driver))

    office.clear(WEEK, "retrain")
    office.wait_for(WEEK, "retrain", "success", 3)
    office.wait_for(WEEK, "notify_promoted", "success", 1)
    ended = office.last_lines(WEEK, "retrain")
    office.photograph("ended")
    return Week(killed, lost, ended)


def test_the_page_of_the_dag_shows_the_monday_and_its_documentation(office: Office) -> None:
    office.ask("PATCH", f"/dags/{DAG}", {"is_paused": False})
    today = datetime.now(tz=UTC).replace(hour=3, minute=0, second=0)
    mondays = (today + timedelta(days=days) for days in range(9))
    coming = next(day for day in mondays if day.weekday() == 0 and day > datetime.now(tz=UTC))

    office.look(f"/dags/{DAG}")

    office.read("Mondays 03:00 UTC")
    office.read(f"{coming:%Y-%m-%d %H:%M:%S}")
    office.read("bikeshare data")
    office.photograph("dag")
    office.find(By.CSS_SELECTOR, "button[aria-label='Dag Docs']").click()
    office.read("It runs every Monday at 03:00 UTC")
    office.read("A task can be cleared at any time")
    office.photograph("docs")


def test_a_missing_connection_is_named_at_the_end_of_the_log(office: Office) -> None:
    office.trigger("unconnected", [])
    office.wait_for("unconnected", "plan", "failed", 1)

    lines = office.last_lines("unconnected", "plan")

    office.photograph("unconnected")
    assert [text_of(line) for line in lines[-3:]] == [
        "plan of unconnected has failed for good on try 1.",
        "there is no connection reforest_spark, so it is unknown where Spark runs",
        "Hint: add it with type spark and a master such as local[4] or spark://HOST:7077 as its"
        " host",
    ]


def test_a_mistake_in_the_settings_is_explained_at_the_end_of_the_log(connected: Office) -> None:
    office = connected
    office.trigger("mistaken", ["train.foldz=2"])
    office.wait_for("mistaken", "plan", "failed", 1)

    lines = office.last_lines("mistaken", "plan")

    office.photograph("mistaken")
    end = next(i for i, line in enumerate(lines) if "has failed for good" in line)
    # The only trace is Airflow's own, of one exception; what is below can be read as a whole.
    assert sum("Exception:" in line for line in lines) == 1
    told = [text_of(line) for line in lines[end + 1 :]]
    assert told[0] == "1 configuration problem:"
    assert told[1].startswith("command line: train.foldz is not a known key")
    assert told[2].startswith("Hint: correct these settings")
    assert told[-1].endswith("(exit code 2)")


def test_a_killed_driver_is_explained_at_the_end_of_the_log(week: Week) -> None:
    end = next(i for i, line in enumerate(week.killed) if "another one follows" in line)
    told = [text_of(line) for line in week.killed[end + 1 :]]
    assert told[0].startswith("the driver has not said how the run went:")
    assert "spark-submit ended with code -9" in " ".join(told)
    assert any(line.startswith("Hint: look above") for line in told)
    assert told[-1].endswith("Another try finds what this one has left")


def test_a_lost_worker_is_told_of_in_the_audit_log(week: Week) -> None:
    assert "Task did not emit heartbeat within time limit" in week.lost


def test_a_task_that_is_cleared_finds_what_its_driver_has_finished(
    week: Week, forest: Forest
) -> None:
    assert any("its recorded verdict is repeated" in line for line in week.ended)
    results = forest.results()
    assert sorted(results) == ["retrain-2.json", "retrain-3.json"]
    assert [results[name]["recorded"] for name in sorted(results)] == [False, True]
    assert len(forest.promotions()) == 1


def test_the_report_is_a_click_away_from_the_task_and_from_both_logs(
    office: Office,
    week: Week,  # noqa: ARG001
) -> None:
    found = []
    for task in ("retrain", "notify_promoted"):
        office.look_at_task(WEEK, task)
        link = office.find(By.CSS_SELECTOR, "a[href*='/reforest/report/']")
        found.append(link.get_attribute("href"))
    office.look_at_task(WEEK, "retrain", "/details")
    button = office.find(By.XPATH, "//a[normalize-space()='Retraining report']")
    assert found == [button.get_attribute("href")] * 2
    office.photograph("details")

    office.browser.get(found[0])

    wait_until(lambda: office.browser.title.startswith("PROMOTE: bikeshare"), patience=60)
    office.read("The challenger becomes the champion with promotion 1")
    office.photograph("report")


def test_the_asset_tells_of_the_promotion(
    office: Office,
    week: Week,  # noqa: ARG001
    forest: Forest,
) -> None:
    (promotion,) = forest.promotions()
    office.look("/assets")
    office.find(By.LINK_TEXT, "bikeshare bundle").click()
    office.read("1 Asset Event")
    office.photograph("asset")

    office.look_at_task(WEEK, "notify_promoted", "/asset_events")
    office.find(By.CSS_SELECTOR, ".codicon-folding-collapsed").click()
    office.read('"report"')

    office.photograph("event")
    told = "".join(office.text().split())
    for part in (
        '"model":"bikeshare"',
        '"promotion":1',
        f'"digest":"{promotion["bundle"]}"',
        f'"run":"{promotion["run"]}"',
        '"verdict":"PROMOTE"',
        '"dataVersion":1',
    ):
        assert part in told


def text_of(line: str) -> str:
    """A line of a log without its number, time and level."""
    return line.partition(" - ")[2]
