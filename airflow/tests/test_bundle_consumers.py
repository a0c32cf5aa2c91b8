"""The DAG that a service team copies."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from airflow.models.asset import AssetEvent, AssetModel
from airflow.utils.session import create_session
from sqlalchemy import delete, select

from desk import Desk, judged, planned

MANIFEST = b'{"model": "bikeshare"}'
DIGEST = hashlib.sha256(MANIFEST).hexdigest()


@pytest.fixture(autouse=True)
def no_events() -> None:
    with create_session() as session:
        session.execute(delete(AssetEvent))


def promote(desk: Desk, sequence: int, digest: str) -> None:
    for answers in ("plan", "retrain"):
        for old in (desk.stub / answers).iterdir():
            old.unlink()
    desk.answer("plan", 0, planned())
    champion = {"sequence": sequence, "digest": digest}
    bundle = {"digest": digest, "location": "file:///staged"}
    desk.answer("retrain", 0, judged("PROMOTE", champion=champion, bundle=bundle))
    assert len(desk.run("retrain_weekly").events("bikeshare bundle")) == 1


def bundle(home: Path, manifest: bytes) -> Path:
    folder = home / "models" / "bikeshare" / "bundles" / DIGEST
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_bytes(manifest)
    return folder


def test_rolls_out_the_newest_of_several_promotions(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    promote(desk, 8, "e" * 64)
    promote(desk, 9, DIGEST)
    folder = bundle(desk.home, MANIFEST)

    ended = desk.run("bundle_consumers")

    assert ended.states == dict.fromkeys(("newest_event", "verify", "roll_out"), "success")
    assert ended.xcom("verify") == str(folder)
    assert f"Promotion 9: serve {folder}" in caplog.text


def test_reads_the_bundle_by_the_connection_of_the_store(desk: Desk, on_s3: Path) -> None:
    promote(desk, 8, DIGEST)
    bundle(on_s3, MANIFEST)

    ended = desk.run("bundle_consumers")

    assert ended.states["roll_out"] == "success"


def test_refuses_a_bundle_that_was_tampered_with(desk: Desk) -> None:
    promote(desk, 8, DIGEST)
    bundle(desk.home, MANIFEST + b" ")

    ended = desk.run("bundle_consumers")

    assert ended.states["verify"] == "failed"
    assert ended.tries["verify"] == 1
    assert ended.states["roll_out"] == "upstream_failed"


def test_does_nothing_before_the_first_promotion(desk: Desk) -> None:
    ended = desk.run("bundle_consumers")

    assert ended.run.state == "success"
    assert set(ended.states.values()) == {"skipped"}


def test_waits_for_the_asset_that_a_retrain_updates() -> None:
    with create_session() as session:
        asset = session.scalars(
            select(AssetModel).where(AssetModel.name == "bikeshare bundle")
        ).one()
        assert [dag.dag_id for dag in asset.scheduled_dags] == ["bundle_consumers"]
        assert {task.dag_id for task in asset.producing_tasks} == {"retrain_weekly"}
