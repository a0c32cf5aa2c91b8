"""The real job, by the real spark-submit of pyspark's wheel, on the demo's data up to July."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import AIRFLOW

PROJECT = AIRFLOW.parent
CONF = PROJECT / "conf" / "bikeshare.conf"
JAR = PROJECT / "jobs" / "target" / "reforest.jar"
ROWS = PROJECT / "jobs/src/main/resources/reforest/demo/bikeshare-2011.csv.gz"
(SPARK_HOME,) = (PROJECT / ".venv-spark" / "lib").glob("python3*/site-packages/pyspark")

# A small search: which forest wins is not what is tested here.
SEARCH = [
    "train.folds=2",
    "train.random-forest.trees=[10]",
    # What so small a forest is sure to win against: the mean, over all rows.
    "evaluate.baseline=null",
    "slices=[]",
    "train.random-forest.depth=[6]",
    "train.gradient-boosting.iterations=[30]",
    "train.gradient-boosting.depth=[4]",
]

# What ./reforest calls the small profile: starts fast, for some ten thousand rows.
PROPERTIES = """\
spark.driver.extraJavaOptions  -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.sql.codegen.wholeStage   false
spark.sql.codegen.factoryMode  NO_CODEGEN
spark.sql.adaptive.enabled     false
"""


@dataclass(frozen=True)
class Forest:
    """A home with rows of the demo in its table."""

    home: Path

    @property
    def model(self) -> Path:
        return self.home / "models" / "bikeshare"

    @property
    def properties(self) -> Path:
        return self.home / "spark.properties"

    def environment(self) -> dict[str, str]:
        """That of an operator with this home."""
        path = f"{os.environ['PATH']}:{SPARK_HOME / 'bin'}"
        return os.environ | {
            "PATH": path,
            "SPARK_HOME": os.fspath(SPARK_HOME),
            "AIRFLOW_VAR_REFOREST_JAR": os.fspath(JAR),
            "AIRFLOW_VAR_REFOREST_CONF": os.fspath(CONF),
            "AIRFLOW_VAR_REFOREST_HOME": os.fspath(self.home),
            "AIRFLOW_VAR_REFOREST_SPARK_PROPERTIES": os.fspath(self.properties),
            "AIRFLOW_CONN_REFOREST_SPARK": "spark://local%5B2%5D",
            "SPARK_LOCAL_IP": "127.0.0.1",
        }

    def promotions(self) -> list[dict[str, Any]]:
        files = sorted((self.model / "promotions").glob("*.json"))
        return [json.loads(file.read_text("utf-8")) for file in files]

    def results(self) -> dict[str, dict[str, Any]]:
        """What each try of the one retrain has told, by file."""
        files = (self.home / "results").glob("retrain_weekly/*/retrain-*.json")
        return {file.name: json.loads(file.read_text("utf-8")) for file in files}

    def ingest(self, before: str) -> None:
        """Fills the table with the rows before a date."""
        with gzip.open(ROWS, "rt", encoding="utf-8") as rows:
            lines = list(rows)
        self.properties.write_text(PROPERTIES, "utf-8")
        source = self.home / "rows.csv"
        source.write_text(lines[0] + "".join(line for line in lines[1:] if line < before), "utf-8")
        arguments = ["ingest", f"--conf={CONF}", f"--home={self.home}", f"--source={source}"]
        submit = [SPARK_HOME / "bin" / "spark-submit", "--master", "local[2]"]
        submit += ["--properties-file", self.properties, "--class", "reforest.cli.Reforest"]
        subprocess.run(
            [*submit, JAR, *arguments],
            check=True,
            env=self.environment(),
        )

    def empty(self) -> None:
        """Removes all but the table."""
        for folder in ("models", "registry", "results"):
            shutil.rmtree(self.home / folder, ignore_errors=True)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Starts Airflow's command line in a process of its own."""
        return subprocess.Popen([AIRFLOW / "run", *arguments], env=self.environment())

    def retrain(self) -> subprocess.Popen[bytes]:
        form = json.dumps({"overrides": SEARCH})
        return self.start("dags", "test", "retrain_weekly", "--conf", form)


def wait_until(happened: Callable[[], bool], patience: float = 600) -> None:
    end = time.monotonic() + patience
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(f"it did not happen within {patience:.0f} seconds")
        time.sleep(0.1)


def is_running(pid: int) -> bool:
    """Whether a process is there and no mere entry that nobody has read."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(") ")[2][0] != "Z"


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1])


def driver_of(result: str) -> int | None:
    """The process of the driver that will write a result of this name, if there is one."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = place.read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it has ended
            continue
        # Spark has another process with these arguments before, which works out the command.
        if "org.apache.spark.deploy.SparkSubmit" in command and any(
            argument.startswith("--result=") and argument.endswith(f"/{result}")
            for argument in command
        ):
            return int(place.parent.name)
    return None


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
