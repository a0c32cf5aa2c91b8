"""What happens when a run has failed for good: the place to call somebody from."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.sdk import Context

log = logging.getLogger(__name__)


def task_failed(context: Context) -> None:
    """Called when no try of a task is left."""
    ti = context["ti"]
    log.error(
        "%s of %s has failed on try %d: %s. The champion stays as it is.",
        ti.task_id,
        ti.run_id,
        ti.try_number,
        context.get("exception"),
    )


def run_failed(context: Context) -> None:
    """Called when a run has failed; only for what no task has told, such as the run's time-out."""
    reason = context.get("reason")
    if reason != "task_failure":
        log.error("%s has failed: %s", context["run_id"], reason)
