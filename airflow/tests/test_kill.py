"""A task that is killed takes its driver along."""

from __future__ import annotations

import signal
import subprocess

from conftest import AIRFLOW
from desk import Desk, planned
from real import is_running, wait_until


def test_the_driver_ends_with_the_task(desk: Desk) -> None:
    desk.answer("plan", 0, planned())
    desk.answer("retrain", "never", None)
    task = subprocess.Popen([AIRFLOW / "run", "dags", "test", "retrain_weekly"])
    noted = desk.stub / "driver.pid"
    wait_until(lambda: noted.exists() and noted.read_text() != "")
    driver = int(noted.read_text())
    assert is_running(driver)

    task.send_signal(signal.SIGTERM)

    wait_until(lambda: not is_running(driver))
    # What would follow is the next try, in five minutes.
    task.kill()
    task.wait()
