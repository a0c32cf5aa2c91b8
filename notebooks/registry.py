"""Opens the registry of a home with DuckDB, without Spark."""

from importlib import resources

import duckdb


def connect(home: str) -> duckdb.DuckDBPyConnection:
    """A database with the views runs, metrics and promotions of a home's registry; times in UTC."""
    # The extension comes as a Python package, so that nothing is downloaded when this runs.
    extension = resources.files("duckdb_extension_delta").joinpath(
        "extensions", f"v{duckdb.__version__}", "delta.duckdb_extension"
    )
    database = duckdb.connect()
    database.execute(f"LOAD '{extension}'")
    database.execute("SET TimeZone = 'UTC'")
    for name in ("runs", "metrics", "promotions"):
        location = f"{home}/registry/{name}".replace("'", "''")
        database.execute(f"CREATE VIEW {name} AS SELECT * FROM delta_scan('{location}')")
    return database
