"""Each way through the weekly DAG, with a stub as spark-submit."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from airflow.sdk.exceptions import ParamValidationError
from airflow.utils.types import DagRunType

from desk import (
    CHALLENGER,
    CHAMPION,
    RUN,
    Desk,
    failed,
    finish,
    judged,
    newest,
    planned,
    update,
)
from reforest_airflow import failure
from reforest_airflow.assets import data_asset

MONDAY = datetime(2026, 1, 12, 3, tzinfo=UTC)
BUNDLE = "bikeshare bundle"


def test_a_promotion_updates_the_bundles_asset(desk: Desk) -> None:
    desk.answer("plan", 0, planned())
    desk.answer("retrain", 0, judged("PROMOTE"))

    ended = desk.run("retrain_weekly", scheduled=MONDAY)

    assert ended.states == {
        "plan": "success",
        "proceed": "success",
        "notify_planned": "skipped",
        "retrain": "success",
        "verdict": "success",
        "notify_promoted": "success",
        "notify_kept": "skipped",
        "notify_alert": "skipped",
    }
    assert ended.xcom("retrain") == judged("PROMOTE")
    assert ended.events(BUNDLE) == [
        {
            "model": "bikeshare",
            "promotion": 8,
            "digest": CHALLENGER,
            "location": f"{desk.home}/models/bikeshare/bundles/{CHALLENGER}",
            "run": RUN,
            "verdict": "PROMOTE",
            "dataVersion": 12,
            "report": judged("PROMOTE")["report"],
        }
    ]


@pytest.mark.parametrize("verdict", ["KEEP", "INCONCLUSIVE"])
def test_a_champion_that_stays_is_a_success_without_an_event(desk: Desk, verdict: str) -> None:
    desk.answer("plan", 0, planned())
    # The promotion that the stub prints must not be believed.
    desk.answer("retrain", 0, judged(verdict))

    ended = desk.run("retrain_weekly", scheduled=MONDAY)

    assert ended.run.state == "success"
    assert ended.states["notify_kept"] == "success"
    assert ended.states["notify_promoted"] == "skipped"
    assert ended.xcom("retrain")["verdict"] == verdict
    assert ended.events(BUNDLE) == []


@pytest.mark.parametrize(("verdict", "notice"), [("INCONCLUSIVE", "kept"), ("PROMOTE", "promoted")])
def test_an_alert_has_a_task_of_its_own(desk: Desk, verdict: str, notice: str) -> None:
    desk.answer("plan", 0, planned())
    desk.answer("retrain", 0, judged(verdict, alert="3 runs in a row were INCONCLUSIVE"))

    ended = desk.run("retrain_weekly", scheduled=MONDAY)

    assert ended.run.state == "success"
    assert ended.states["notify_alert"] == "success"
    assert ended.states[f"notify_{notice}"] == "success"


def test_an_update_of_the_data_starts_a_run_that_has_no_date(desk: Desk) -> None:
    desk.answer("plan", 0, planned())
    desk.answer("retrain", 0, judged("PROMOTE"))

    update(data_asset("bikeshare"), "retrain_weekly")
    created = newest("retrain_weekly")
    assert created.run.run_type == DagRunType.ASSET_TRIGGERED
    assert created.run.logical_date is None
    assert desk.calls("plan") == []
    ended = finish(created.run)

    assert ended.run.run_id == created.run.run_id
    assert ended.run.state == "success"
    assert ended.states["notify_promoted"] == "success"
    for command in ("plan", "retrain"):
        (call,) = desk.calls(command)
        assert "--logical-date" not in " ".join(call)
    assert len(ended.events(BUNDLE)) == 1


def test_a_repeated_promotion_that_was_rolled_back_is_not_announced(desk: Desk) -> None:
    desk.answer("plan", 0, planned())
    overtaken = {"sequence": 9, "digest": CHAMPION}
    desk.answer("retrain", 0, judged("PROMOTE", champion=overtaken, recorded=True))

    ended = desk.run("retrain_weekly")

    assert ended.states["notify_kept"] == "success"
    assert ended.events(BUNDLE) == []


def test_a_dry_run_ends_after_the_plan(desk: Desk) -> None:
    desk.answer("plan", 0, planned(dryRun=True))

    ended = desk.run("retrain_weekly", conf={"dry_run": True})

    assert ended.run.state == "success"
    assert ended.states == {
        "plan": "success",
        "proceed": "success",
        "notify_planned": "success",
        "retrain": "skipped",
        "verdict": "skipped",
        "notify_promoted": "skipped",
        "notify_kept": "skipped",
        "notify_alert": "skipped",
    }
    assert len(desk.calls("plan")) == 1
    assert desk.calls("retrain") == []


@pytest.mark.parametrize("exit_code", [1, 4, 5])
def test_another_try_follows_what_it_may_mend(desk: Desk, exit_code: int) -> None:
    desk.answer("plan", 0, planned())
    desk.answer("retrain", exit_code, failed(exit_code))
    desk.answer("retrain", 0, judged("KEEP"))

    ended = desk.run("retrain_weekly", scheduled=MONDAY)

    assert ended.states["notify_kept"] == "success"
    assert ended.tries["retrain"] == 2
    first, second = desk.calls("retrain")
    assert result_of(first) != result_of(second)
    assert without_result(first) == without_result(second)


@pytest.mark.parametrize("exit_code", [0, 1, 137])
def test_another_try_follows_a_missing_result(desk: Desk, exit_code: int) -> None:
    desk.answer("plan", 0, planned())
    desk.answer("retrain", exit_code, None)
    desk.answer("retrain", 0, judged("KEEP"))

    ended = desk.run("retrain_weekly")

    assert ended.states["notify_kept"] == "success"
    assert ended.tries["retrain"] == 2


def test_tries_end(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.answer("plan", 0, planned())
    desk.answer("retrain", 5, failed(5))

    ended = desk.run("retrain_weekly")

    assert ended.run.state == "failed"
    assert ended.tries["retrain"] == 4
    assert ended.states["notify_kept"] == ended.states["notify_promoted"] == "upstream_failed"
    told = told_of_failures(caplog)
    assert len(told) == 4 * 4
    assert told[1].startswith("Try 1 of retrain has failed; another one follows.")
    # Airflow's page shows the group closed that it has begun before.
    assert told[-4] == "::endgroup::"
    assert told[-3].endswith(" has failed for good on try 4.")
    assert told[-2:] == ["it broke", "Hint: mend it (exit code 5)"]


@pytest.mark.parametrize("told", [failed(2), None], ids=["a result", "none"])
def test_a_failure_drags_no_other_trace_along(
    desk: Desk, told: dict[str, Any] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[BaseException] = []
    monkeypatch.setattr(
        failure, "tell_last", lambda context, _: raised.append(context["exception"])
    )
    desk.answer("plan", 2, told)

    desk.run("retrain_weekly")

    assert raised
    for error in raised:
        assert error.__cause__ is None
        assert error.__suppress_context__ or error.__context__ is None


# A cluster may report a success that was none.
@pytest.mark.parametrize("reported", ["its own", 0])
@pytest.mark.parametrize("exit_code", [2, 3])
@pytest.mark.parametrize("command", ["plan", "retrain"])
def test_no_other_try_follows_what_needs_somebody(
    desk: Desk, command: str, exit_code: int, reported: int | str, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answer("plan", 0, planned())
    if command == "plan":
        (desk.stub / "plan" / "001").unlink()
    desk.answer(command, exit_code if reported == "its own" else 0, failed(exit_code))

    ended = desk.run("retrain_weekly")

    assert ended.states[command] == "failed"
    assert ended.tries[command] == 1
    assert len(desk.calls(command)) == 1
    assert "has failed for good on try 1." in caplog.text
    told = told_of_failures(caplog)
    assert told[-2:] == ["it broke", f"Hint: mend it (exit code {exit_code})"]


def test_the_result_goes_before_the_exit_code(desk: Desk) -> None:
    desk.answer("plan", 0, planned())
    desk.answer("retrain", 1, judged("KEEP"))

    ended = desk.run("retrain_weekly")

    assert ended.states["notify_kept"] == "success"
    assert ended.tries["retrain"] == 1


def test_a_stale_result_is_removed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # Such as of a database that was set up anew.
    run_id = "scheduled__2026-01-12T03:00:00+00:00"
    monkeypatch.setattr(DagRun, "generate_run_id", lambda **_: run_id)
    folder = desk.home / "results/retrain_weekly/scheduled__2026-01-12T03_00_00_00_00"
    folder.mkdir(parents=True)
    for one_try in range(1, 5):
        (folder / f"retrain-{one_try}.json").write_text(json.dumps(judged("PROMOTE")))
    desk.answer("plan", 0, planned())
    desk.answer("retrain", 0, None)

    ended = desk.run("retrain_weekly", scheduled=MONDAY)

    places = [f"--result={folder}/retrain-{one_try}.json" for one_try in range(1, 5)]
    assert [result_of(call) for call in desk.calls("retrain")] == places
    assert ended.states["retrain"] == "failed"
    assert ended.events(BUNDLE) == []


def test_publish_is_always_passed_and_a_scheduled_run_has_its_date(desk: Desk) -> None:
    desk.answer("plan", 0, planned())
    desk.answer("retrain", 0, judged("KEEP"))

    desk.run("retrain_weekly", scheduled=MONDAY)

    (call,) = desk.calls("retrain")
    assert call[:2] == ["--master", "local[2]"]
    assert call[call.index("--class") + 1] == "reforest.cli.Reforest"
    assert without_result(call[call.index("reforest.jar") + 1 :]) == [
        "retrain",
        "--publish",
        "--conf=bikeshare.conf",
        f"--home={desk.home}",
        "--logical-date=2026-01-12T03:00:00+00:00",
    ]
    (plan,) = desk.calls("plan")
    assert without_result(plan) == without_result([*call, "--dry-run"])


# The form of Airflow's page fills in the present time.
@pytest.mark.parametrize("date", [None, datetime.now(tz=UTC)], ids=["no date", "the form's"])
def test_the_form_reaches_the_command_and_a_manual_run_has_no_date(
    desk: Desk, date: datetime | None
) -> None:
    desk.answer("plan", 0, planned())
    desk.answer("retrain", 0, judged("KEEP"))
    form = {
        "data_version": 12,
        "reason": "--publish; the disk was full",
        "overrides": ["train.seed=7", 'evaluate.baseline="avg(bikers) over ()"'],
    }

    ended = desk.run("retrain_weekly", manual=date, conf=form)

    assert ended.run.logical_date == date
    for command in ("plan", "retrain"):
        (call,) = desk.calls(command)
        assert "--logical-date" not in " ".join(call)
        assert call[-5:] == [
            "--data-version=12",
            "--force",
            "--reason=--publish; the disk was full",
            "train.seed=7",
            'evaluate.baseline="avg(bikers) over ()"',
        ]


@pytest.mark.parametrize(
    "form",
    [
        {"data_version": -1},
        {"data_version": "newest"},
        {"dry_run": "yes"},
        {"overrides": "train.seed=7"},
        {"overrides": ["--spark=spark.master=local"]},
        {"overrides": ["home=/elsewhere"]},
        {"overrides": ["model=other"]},
    ],
)
def test_a_form_that_makes_no_sense_is_refused(desk: Desk, form: dict[str, Any]) -> None:
    with pytest.raises(ParamValidationError):
        desk.run("retrain_weekly", conf=form)
    assert desk.calls("plan") == []


def test_a_missing_connection_is_not_taken_for_yarn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_REFOREST_SPARK")

    ended = desk.run("retrain_weekly")

    assert ended.states["plan"] == "failed"
    assert ended.tries["plan"] == 1
    assert desk.calls("plan") == []
    assert "there is no connection reforest_spark" in caplog.text


def test_a_missing_connection_to_the_store_is_named_before_spark_starts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_REFOREST_STORE_CONNECTION", "nobody_has_added_it")

    ended = desk.run("retrain_weekly")

    assert ended.states["plan"] == "failed"
    assert ended.tries["plan"] == 1
    assert desk.calls("plan") == []
    assert "there is no connection nobody_has_added_it, so Airflow cannot read" in caplog.text


def test_a_store_that_airflow_cannot_speak_to_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AIRFLOW_VAR_REFOREST_HOME", "s3a://forest/home")

    ended = desk.run("retrain_weekly")

    assert ended.states["plan"] == "failed"
    assert ended.tries["plan"] == 1
    what, hint = told_of_failures(caplog)[2:]
    assert what == "Airflow cannot reach the home s3a://forest/home: Install s3fs to access S3"
    assert hint.startswith("Hint: install it beside Airflow")


def test_a_store_that_lets_nobody_in_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError("this key may not write")

    monkeypatch.setattr("airflow.sdk.ObjectStoragePath.unlink", refuse)

    ended = desk.run("retrain_weekly")

    assert ended.tries["plan"] == 4
    told = " ".join(line.strip() for line in told_of_failures(caplog))
    assert told.endswith(
        f"Airflow cannot reach the home {desk.home}: PermissionError: this key may not write Hint:"
        " see that the store is up and that the connection to it may write"
    )


def test_a_long_sentence_is_wrapped_as_the_page_of_a_log_does_not(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    told = failed(2)
    told["error"] |= {"message": "this is wrong: " + "and wrong " * 30, "hint": "mend " * 30}
    desk.answer("plan", 2, told)

    desk.run("retrain_weekly")

    lines = told_of_failures(caplog)[2:]
    assert max(len(line) for line in lines) <= 95
    assert lines[0].startswith("this is wrong: ")
    assert [line for line in lines if line.startswith("Hint: mend mend")]
    assert lines[-1].endswith("(exit code 2)")


def test_all_missing_settings_are_named_at_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("JAR", "CONF", "HOME"):
        monkeypatch.delenv(f"AIRFLOW_VAR_REFOREST_{name}")

    ended = desk.run("retrain_weekly")

    assert ended.states["plan"] == "failed"
    assert ended.tries["plan"] == 1
    assert "does not know the jar and the configuration and the home" in caplog.text


def test_a_worker_without_spark_says_what_it_lacks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", os.fspath(Path("/nowhere")))

    ended = desk.run("retrain_weekly")

    assert ended.states["plan"] == "failed"
    assert ended.tries["plan"] == 1
    assert "put the bin folder of a Spark 4.1 on the worker's PATH" in caplog.text


def test_the_configuration_of_another_model_is_refused_before_it_is_trained(desk: Desk) -> None:
    desk.answer("plan", 0, planned(model="parcels"))

    ended = desk.run("retrain_weekly")

    assert ended.states["plan"] == "failed"
    assert ended.tries["plan"] == 1
    assert desk.calls("retrain") == []


def test_a_lost_worker_is_told_of_although_nobody_knows_an_exception(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")

    failure.task_will_retry({"ti": SimpleNamespace(task_id="retrain", try_number=1)})

    assert told_of_failures(caplog)[2:] == [
        "nothing was heard of its worker for too long",
        "Hint: the tab Audit Log of the task says more",
    ]


def told_of_failures(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == "reforest_airflow.failure"]


def result_of(call: list[str]) -> str:
    (result,) = (a for a in call if a.startswith("--result="))
    return result


def without_result(call: list[str]) -> list[str]:
    return [a for a in call if not a.startswith("--result=")]
