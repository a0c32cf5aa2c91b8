"""The Assets of a model, by which DAGs wait for each other."""

from __future__ import annotations

from airflow.sdk import Asset


def data_asset(model: str) -> Asset:
    """The model's table. Whatever ingests rows updates it, and so starts a retrain."""
    return Asset(name=f"{model} data", uri=f"reforest://{model}/data", group="reforest")


def bundle_asset(model: str) -> Asset:
    """The bundle that services should use. A retrain that promotes one updates it."""
    return Asset(name=f"{model} bundle", uri=f"reforest://{model}/bundle", group="reforest")
