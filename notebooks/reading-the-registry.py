# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Reading the registry
#
# What was retrained, how it was judged, and what became the champion. The registry is three Delta
# tables, `runs`, `metrics` and `promotions`, which any Delta reader can open: here DuckDB, without
# Spark. Nothing is computed anew; every figure was written by the run that it belongs to.
#
# Set `REFOREST_HOME` to the home to read: an absolute path, or one that starts in this folder.
# Without it the notebook reads what `./reforest demo` wrote.

# %%
import os
from importlib import resources

import duckdb
import matplotlib.pyplot as plt
from IPython.display import Markdown

home = os.environ.get("REFOREST_HOME", "../reforest-demo")

# %%
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


def table(sql: str) -> Markdown:
    """The rows of a query as a table; numbers with five significant digits."""

    def text(value: object) -> str:
        if value is None:
            return ""
        shown = f"{value:.5g}" if isinstance(value, float) else str(value)
        return shown.replace("|", "\\|").replace("\n", " ")

    result = database.execute(sql)
    head = [column[0] for column in result.description or []]
    lines = [head, ["---"] * len(head), *result.fetchall()]
    return Markdown("\n".join("| " + " | ".join(map(text, line)) + " |" for line in lines))


# %% [markdown]
# ## Runs and their verdicts
#
# A `publish` run is judged on the protected window and may move the champion; a `develop` run may
# look as often as it likes; a `backtest` decides nothing.

# %%
table("""
    SELECT model, kind, data.version AS data, strftime("window"."end", '%Y-%m-%d') AS judged_until,
           "window".rows AS rows, "window".clusters AS clusters, left(challenger, 8) AS challenger,
           left(champion, 8) AS champion, verdict, array_to_string(reasons, '; ') AS reasons
    FROM runs
    ORDER BY model, finishedAt
""")

# %% [markdown]
# ## The primary metric over time
#
# What the challenger, the champion of that day and the declared rule reached on the same window,
# with two-sided 95 % intervals. Intervals that overlap prove nothing here: the gate judges the
# difference, row by row, which is known far better than either figure.

# %%
database.execute("""
    CREATE TABLE judged AS
    SELECT *, list_filter(gate.checks, lambda c: c.rule = 'primary')[1].metric AS primary_metric
    FROM runs
    WHERE kind = 'publish' AND model = (SELECT model FROM runs ORDER BY finishedAt DESC LIMIT 1)
""")
figures = database.execute("""
    SELECT role, strftime(coalesce(judged."window"."end", judged.finishedAt), '%Y-%m-%d') AS until,
           metrics.value, metrics.value - lower AS below, upper - metrics.value AS above,
           metric || ' of ' || model AS label
    FROM judged JOIN metrics USING (model, run, attempt)
    WHERE metric = primary_metric AND slice = 'overall' AND role <> 'dummy'
      AND lower IS NOT NULL AND upper IS NOT NULL
    ORDER BY role, until
""").fetchall()

# %%
figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
windows = sorted({row[1] for row in figures})
for number, role in enumerate(sorted({row[0] for row in figures})):
    until, values, below, above = zip(*(row[1:5] for row in figures if row[0] == role), strict=True)
    # Side by side, so that no bar hides another.
    places = [windows.index(window) + 0.12 * number for window in until]
    axes.errorbar(places, values, yerr=(below, above), fmt="o", capsize=4, label=role)
axes.set_xticks(range(len(windows)), windows)
axes.set_xlabel("end of the window")
axes.set_ylabel(figures[0][5])
axes.set_ylim(bottom=0)
axes.legend()
plt.show()

# %% [markdown]
# ## The last run, rule by rule
#
# What the gate looked at. A gain is positive when the challenger is better; to pass, the lower
# bound must exceed what is required. A slice with too little data is tested for harm only.

# %%
table("""
    WITH checks AS (
        SELECT unnest(gate.checks) AS c
        FROM (SELECT * FROM judged ORDER BY finishedAt DESC LIMIT 1)
    )
    SELECT c.rule, c.reference AS "against", c.slice, c.metric, c.gain, c.lower, c.upper,
           c.required, c.groups, c.powered, c.status, c.blocks
    FROM checks
""")

# %% [markdown]
# ## The last run, slice by slice
#
# The primary metric, with two-sided 95 % intervals.

# %%
table("""
    WITH last AS (SELECT * FROM judged ORDER BY finishedAt DESC LIMIT 1)
    SELECT slice, role, metric, metrics.value, lower, upper, metrics.rows, groups, undefined
    FROM last JOIN metrics USING (model, run, attempt)
    WHERE metric = primary_metric AND role <> 'dummy'
    ORDER BY slice <> 'overall', slice, role
""")

# %% [markdown]
# ## Promotions
#
# The highest number is the champion. A rollback is a promotion, too: it names an old bundle again.

# %%
table("""
    SELECT model, sequence, action, left(bundle, 8) AS bundle, left(predecessor, 8) AS predecessor,
           left(run, 8) AS run, verdict, reason
    FROM promotions
    ORDER BY model, sequence
""")
