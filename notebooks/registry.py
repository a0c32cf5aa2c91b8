"""Reads the registry of a home with DuckDB, without Spark."""

from collections.abc import Callable
from importlib import resources

import duckdb
from IPython.display import Markdown
from showing import table


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


def asking(database: duckdb.DuckDBPyConnection) -> Callable[[str], Markdown]:
    """What shows the rows of a query as a table."""

    def ask(sql: str) -> Markdown:
        result = database.execute(sql)
        return table([column[0] for column in result.description or []], result.fetchall())

    return ask


def units(database: duckdb.DuckDBPyConnection, runs: str) -> dict[str, str]:
    """The unit of each metric that has one, from the configuration of a table's first run."""
    label = database.execute(f"""
        SELECT list_filter(
            map_entries(configuration),
            lambda e: starts_with(e.key, 'data.columns[')
                      AND (e.value -> 'name') = configuration['data.label']::JSON
        )[1].value ->> 'unit'
        FROM {runs} LIMIT 1
    """).fetchall()[0][0]
    return {"log-loss": "nats"} | (dict.fromkeys(("rmse", "mae", "bias"), label) if label else {})
