"""What a service team does when a model has a new champion."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from typing import Any

from airflow.sdk import dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from reforest_airflow.assets import bundle_asset
from reforest_airflow.storage import CONNECTION, open_path

log = logging.getLogger(__name__)

MODEL = "bikeshare"
BUNDLE = bundle_asset(MODEL)

DOC = f"""
Starts when the Asset *{BUNDLE.name}* is updated, which a retrain does that has promoted a bundle.
Copy this DAG, and let `roll_out` do what your service needs, such as a rolling restart.

A service that polls by `reforest pull` needs no DAG at all. Either way the promotion log is what
counts: an event can be late, and a rollback sends none.
"""


@dag(
    schedule=[BUNDLE],
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args={
        "owner": "the service's team",
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
    },
    tags=["reforest", MODEL],
    description=f"React to a new champion of {MODEL}",
    doc_md=DOC,
)
def bundle_consumers() -> None:
    @task(inlets=[BUNDLE])
    def newest_event() -> dict[str, Any]:
        """The newest event; several may have come since the last run, before a manual one none."""
        events = get_current_context()["inlet_events"][BUNDLE]
        if not len(events):
            raise AirflowSkipException(f"no bundle of {MODEL} was promoted yet")
        return events[-1].extra

    @task
    def verify(event: dict[str, Any], connection: str) -> str:
        """Refuses a bundle that is not the one that was promoted: its digest is its manifest's."""
        place = event["location"]
        manifest = open_path(f"{place}/manifest.json", connection).read_bytes()
        if hashlib.sha256(manifest).hexdigest() != event["digest"]:
            raise AirflowFailException(f"{place} does not hold the bundle of its name")
        return place

    @task
    def roll_out(place: str, event: dict[str, Any]) -> None:
        """Where a service's own steps go."""
        log.info("Promotion %d: serve %s", event["promotion"], place)

    event = newest_event()
    roll_out(verify(event, CONNECTION), event)


bundle_consumers()
