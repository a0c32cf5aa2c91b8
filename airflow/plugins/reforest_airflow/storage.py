"""The one place that knows that Spark and Airflow name the same bucket differently."""

from __future__ import annotations

from airflow.sdk import ObjectStoragePath

HADOOP_S3 = "s3a://"
AIRFLOW_S3 = "s3://"

# The connection by which Airflow reads the home: a template, for the fields of tasks.
CONNECTION = "{{ var.value.get('reforest_store_connection', '') }}"


def for_hadoop(place: str) -> str:
    """A path or URI as Spark and Hadoop write it: ``s3://`` becomes ``s3a://``."""
    if place.startswith(AIRFLOW_S3):
        return HADOOP_S3 + place.removeprefix(AIRFLOW_S3)
    return place


def for_airflow(place: str) -> str:
    """A path or URI as Airflow writes it: ``s3a://`` becomes ``s3://``."""
    if place.startswith(HADOOP_S3):
        return AIRFLOW_S3 + place.removeprefix(HADOOP_S3)
    return place


def open_path(place: str, connection: str | None) -> ObjectStoragePath:
    """
    A place that a job has named, to be read by Airflow with a connection of its own.

    Without one, the place is read by whatever its kind of storage finds by itself, such as the keys
    in the environment or on the machine.
    """
    return ObjectStoragePath(for_airflow(place), conn_id=connection or None)
