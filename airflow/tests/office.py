"""A real Airflow with its scheduler and pages, and a browser in which an operator looks at them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from conftest import AIRFLOW, HOME
from real import Forest, wait_until

DAG = "retrain_weekly"

# The browser's window, of a size that is common on a laptop.
WINDOW = "1400,900"

# Each row of a task's log that is in sight, with what of it is to be seen only after scrolling.
VISIBLE_ROWS = """
const box = document.querySelector('[data-testid=virtual-scroll-container]');
if (!box) return [];
const frame = box.getBoundingClientRect();
return [...box.querySelectorAll('[data-testid^=virtualized-item-]')]
  .map(row => ({text: row.innerText, at: row.getBoundingClientRect(),
    right: Math.max(...[...row.querySelectorAll('*')].map(e => e.getBoundingClientRect().right))}))
  .filter(row => row.at.top >= frame.top - 1 && row.at.bottom <= frame.bottom + 1)
  .sort((one, other) => one.at.top - other.at.top)
  .map(row => ({text: row.text.replace(/\\s+/g, ' ').trim(), whole: row.right <= frame.right}));
"""


@dataclass
class Office:
    """An installation whose Variables are set, but which has no connection yet."""

    forest: Forest
    home: Path
    process: subprocess.Popen[bytes]
    url: str
    pictures: Path

    @classmethod
    def open(cls, forest: Forest, folder: Path) -> Office:
        """Starts an Airflow with a database of its own; ``enter`` waits for it."""
        home = folder / "airflow"
        home.mkdir()
        shutil.copy(HOME / "airflow.db", home)
        port, workers, triggerer = free_ports(3)
        url = f"http://127.0.0.1:{port}"
        environment = forest.environment() | {
            "AIRFLOW_HOME": os.fspath(home),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": url,
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(workers),
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(triggerer),
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "1",
            # A busy machine is no failure.
            "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
        }
        # Added later, as a person does who has forgotten it.
        del environment["AIRFLOW_CONN_REFOREST_SPARK"]
        binaries = AIRFLOW / ".venv" / "bin"
        environment["PATH"] = f"{binaries}:{environment['PATH']}"
        with (home / "standalone.log").open("wb") as log:
            process = subprocess.Popen(
                [binaries / "airflow", "standalone"],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(forest, home, process, url, folder)

    def enter(self) -> None:
        """Logs in, by the form of the page and for the API."""
        secret = self.home / "simple_auth_manager_passwords.json.generated"
        wait_until(lambda: self.process.poll() is not None or self.is_up(), patience=180)
        who = {"username": "admin", "password": json.loads(secret.read_text("utf-8"))["admin"]}
        self.api = httpx.Client(base_url=self.url, trust_env=False, timeout=60)
        token = self.api.post("/auth/token", json=who).json()["access_token"]
        self.api.headers["Authorization"] = f"Bearer {token}"
        self.browser = browser(self.pictures / "profile")
        self.browser.get(f"{self.url}/auth/login")
        for name, value in who.items():
            self.find(By.NAME, name).send_keys(value)
        self.find(By.CSS_SELECTOR, "button[type=submit]").click()
        wait_until(lambda: "login" not in self.browser.current_url, patience=60)

    def is_up(self) -> bool:
        try:
            answer = httpx.get(f"{self.url}/api/v2/version", trust_env=False, timeout=5)
        except httpx.HTTPError:
            return False
        return answer.is_success

    def close(self) -> None:
        if hasattr(self, "browser"):
            self.browser.quit()
        # Airflow's own end leaves processes behind.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self.api.request(method, f"/api/v2{path}", json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def connect(self) -> None:
        """Adds the connection to Spark."""
        spark = {"connection_id": "reforest_spark", "conn_type": "spark", "host": "local[2]"}
        self.ask("POST", "/connections", spark)

    def trigger(self, run: str, overrides: list[str]) -> None:
        self.ask("PATCH", f"/dags/{DAG}", {"is_paused": False})
        request = {"dag_run_id": run, "logical_date": None, "conf": {"overrides": overrides}}
        self.ask("POST", f"/dags/{DAG}/dagRuns", request)

    def state(self, run: str, task: str) -> tuple[str | None, int]:
        """The state of a task and the number of its try."""
        told = self.ask("GET", f"/dags/{DAG}/dagRuns/{run}/taskInstances/{task}")
        return told["state"], told["try_number"]

    def wait_for(self, run: str, task: str, state: str, tried: int) -> None:
        """Waits until a try has ended, which must be in a certain state."""
        ends = ("success", "failed", "skipped", "upstream_failed", "up_for_retry")

        def has_ended() -> bool:
            now, number = self.state(run, task)
            if number > tried or (number == tried and now in ends and now != state):
                raise AssertionError(f"{task} is {now} on try {number}, not {state} on {tried}")
            return (now, number) == (state, tried)

        wait_until(has_ended)

    def let_the_worker_be_silent(self, run: str, task: str) -> None:
        """Does what five minutes do: the newest sign of life of a running task gets old."""
        query = "UPDATE task_instance SET last_heartbeat_at = ? WHERE run_id = ? AND task_id = ?"
        with closing(sqlite3.connect(self.home / "airflow.db", timeout=60)) as database:
            database.execute(query, ("2000-01-01 00:00:00.000000", run, task))
            database.commit()

    def look(self, path: str) -> None:
        """Opens a page."""
        self.browser.get(f"{self.url}{path}")

    def look_at_task(self, run: str, task: str, tab: str = "") -> None:
        self.look(f"/dags/{DAG}/runs/{run}/tasks/{task}{tab}")

    def find(self, by: str, what: str) -> WebElement:
        """The one element that can be seen and used, as soon as it is there."""
        found: list[WebElement] = []

        def is_there() -> bool:
            found[:] = [e for e in self.browser.find_elements(by, what) if e.is_displayed()]
            return bool(found)

        wait_until(is_there, patience=60)
        return found[0]

    def read(self, text: str) -> None:
        """Waits until a text can be read on the page."""
        wait_until(lambda: text in self.text(), patience=60)

    def text(self) -> str:
        return self.browser.find_element(By.TAG_NAME, "body").text

    def last_lines(self, run: str, task: str) -> list[str]:
        """
        What is in sight of a task's log when its page is opened, without anything being clicked.

        Lines of which a part is cut off at the right end with an ellipsis.
        """
        self.look_at_task(run, task)
        seen: list[list[str]] = [[]]

        def is_calm() -> bool:
            rows = self.browser.execute_script(VISIBLE_ROWS)
            seen.append([row["text"] + ("" if row["whole"] else " …") for row in rows])
            return bool(seen[-1]) and seen[-1] == seen[-9:][0]

        wait_until(is_calm, patience=60)
        return seen[-1]

    def clear(self, run: str, task: str) -> None:
        """Clears a task and what comes after it, by the page's own buttons."""
        before = self.state(run, task)
        self.look_at_task(run, task)
        self.find(By.CSS_SELECTOR, "button[aria-label*='to clear']").click()
        self.find(By.XPATH, "//*[contains(., 'Affected Tasks: 5')]")
        self.find(By.XPATH, "//button[normalize-space()='Confirm']").click()
        wait_until(lambda: self.state(run, task) != before, patience=60)

    def photograph(self, name: str) -> None:
        """Leaves a picture of the page among the test's files, for people."""
        self.browser.save_screenshot(os.fspath(self.pictures / f"{name}.png"))


def browser(profile: Path) -> Chrome:
    options = ChromeOptions()
    for argument in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--window-size={WINDOW}",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(argument)
    # Without their places Selenium would look for them on the network.
    options.binary_location, driver = map(shutil.which, ("chromium", "chromedriver"))
    return Chrome(options, Service(driver))


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
