"""What happens when a run has failed for good: the place to call somebody from."""

from __future__ import annotations

import logging
from textwrap import TextWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.sdk import Context

log = logging.getLogger(__name__)

# Characters that a log's page shows in a window of common size.
WIDTH = 95


def told(what: str, hint: str) -> str:
    """The text of an exception, as all of this package's are: what is wrong, and what to do."""
    return f"{what}\nHint: {hint}"


def task_failed(context: Context) -> None:
    """Called when no try of a task is left."""
    ti = context["ti"]
    tell_last(context, f"{ti.task_id} of {ti.run_id} has failed for good on try {ti.try_number}.")


def task_will_retry(context: Context) -> None:
    """Called when a try has failed and another one follows."""
    ti = context["ti"]
    tell_last(context, f"Try {ti.try_number} of {ti.task_id} has failed; another one follows.")


def tell_last(context: Context, headline: str) -> None:
    """
    Ends a task's log with the sentence and the hint, where people look first.

    Airflow has written the trace above by now, and has begun a group of lines that its page shows
    closed: what stood in it would not be seen. That page wraps no lines.
    """
    log.info("::endgroup::")
    log.error("%s", headline)
    # Whoever calls in place of a lost worker knows of none.
    error = context.get("exception") or told(
        "nothing was heard of its worker for too long", "the tab Audit Log of the task says more"
    )
    lines = TextWrapper(
        WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    for line in str(error).splitlines():
        for part in lines.wrap(line):
            log.error("%s", part)


def run_failed(context: Context) -> None:
    """Called when a run has failed; only for what no task has told, such as the run's time-out."""
    reason = context.get("reason")
    if reason != "task_failure":
        log.error("%s has failed: %s", context["run_id"], reason)
