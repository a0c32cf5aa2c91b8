# ---
# jupyter:
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
# Spark; [registry.py](registry.py) is the whole set-up. Nothing is computed anew; every figure was
# written by the run that it belongs to.
#
# Set `REFOREST_HOME` to the home to read: an absolute path, or one that starts in this folder.
# Without it the notebook reads what `./reforest demo` wrote.

# %%
import os
from datetime import timedelta

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from registry import asking, connect, units
from showing import STYLES, legend

database = connect(os.environ.get("REFOREST_HOME", "../reforest-demo"))
ask = asking(database)

# %% [markdown]
# ## Runs and their verdicts
#
# A `publish` run is judged on the protected window and may move the champion; a `develop` run may
# look as often as it likes; a `backtest` decides nothing.

# %%
ask("""
    SELECT model, kind, data.version AS data, strftime("window"."end", '%Y-%m-%d') AS judged_until,
           "window".rows AS rows, "window".clusters AS clusters, left(challenger, 8) AS challenger,
           left(champion, 8) AS champion, verdict, array_to_string(reasons, '; ') AS reasons
    FROM runs
    ORDER BY model, finishedAt
""")

# %% [markdown]
# ## Promotions
#
# The highest number is the champion. A rollback is a promotion, too: it names an old bundle again.

# %%
ask("""
    SELECT model, sequence, action, left(bundle, 8) AS bundle, left(predecessor, 8) AS predecessor,
           left(run, 8) AS run, verdict, reason
    FROM promotions
    ORDER BY model, sequence
""")

# %% [markdown]
# ## A metric over time
#
# From here on one model, the one that was retrained last. For each window: what the challenger, the
# champion of that day and the baselines reached on the same rows, with two-sided 95 % intervals.

# %%
database.execute("""
    CREATE TABLE judged AS
    SELECT *, coalesce("window"."end", finishedAt)::TIMESTAMP AS until,
           list_filter(gate.checks, lambda c: c.rule = 'primary')[1].metric AS primary_metric
    FROM runs
    WHERE kind = 'publish' AND model = (SELECT model FROM runs ORDER BY finishedAt DESC LIMIT 1)
""")
model, primary, first, last = database.execute("""
    SELECT any_value(model), last(primary_metric ORDER BY until), min(until), max(until) FROM judged
""").fetchall()[0]
found = units(database, "judged").get(primary)
unit = f", {found}" if found else ""
# Points of one day stand beside each other, so that no bar hides another.
apart = max(last - first, timedelta(days=7)) / 60


def show_dates(axes: Axes, ticks: int) -> None:
    """Draws time from left to right, and lines to read values by."""
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=ticks))
    axes.xaxis.set_major_formatter(DateFormatter("%Y-%m-%d"))
    axes.margins(x=0.1)
    axes.grid(axis="y", alpha=0.3)


def show_over_time(axes: Axes, metric: str, part: str = "overall", baselines: bool = False) -> None:
    """Draws what each role reached, window by window."""
    roles = [role for role in STYLES if baselines or role in ("challenger", "champion")]
    step = apart if part == "overall" else 2 * apart
    for place, role in enumerate(roles):
        points = database.execute(
            """
            SELECT until, metrics.value, metrics.value - lower, upper - metrics.value
            FROM judged JOIN metrics USING (model, run, attempt)
            WHERE metric = $metric AND slice = $part AND role = $role AND isfinite(metrics.value)
            ORDER BY until
            """,
            {"metric": metric, "part": part, "role": role},
        ).fetchall()
        if points:
            until, values, below, above = zip(*points, strict=True)
            axes.errorbar(
                [time + (place - (len(roles) - 1) / 2) * step for time in until],
                values,
                yerr=(below, above),
                linestyle="none",
                capsize=4,
                label=role,
                **STYLES[role],
            )
    show_dates(axes, ticks=6 if part == "overall" else 3)


figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
show_over_time(axes, primary, baselines=True)
for until, verdict in database.execute("SELECT until, verdict FROM judged").fetchall():
    axes.annotate(
        verdict.lower(),
        (until, 1.02),
        xycoords=("data", "axes fraction"),
        rotation=30,
        fontsize="small",
    )
axes.set_ylim(bottom=0)
axes.set_xlabel("end of the window, UTC")
axes.set_ylabel(f"{primary} of {model}{unit}")
legend(figure, axes)
plt.show()

# %% [markdown]
# Intervals that overlap prove nothing here. The gate does not compare two figures: it judges the
# difference, row by row, which is known far better than either.
#
# ## The gain over time
#
# The same runs as the gate saw them: the gain against the champion or, before there was one,
# against the rule; the dummy is left out. Each bar reaches from the lower bound, which must exceed
# what is required (the dashed line), to the upper bound. A hollow mark has not proven it.

# %%
gains = database.execute("""
    SELECT until, c.reference, c.gain, c.gain - c.lower, c.upper - c.gain, c.required, c.status
    FROM (SELECT until, unnest(gate.checks) AS c FROM judged)
    WHERE c.rule = 'primary' AND c.reference <> 'dummy' AND isfinite(c.lower + c.upper)
    ORDER BY until
""").fetchall()

figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
for until, reference, gain, below, above, required, status in gains:
    axes.errorbar(
        until,
        gain,
        yerr=([below], [above]),
        linestyle="none",
        capsize=4,
        markersize=8,
        markerfacecolor=STYLES[reference]["color"] if status == "passed" else "white",
        label=f"against the {reference}",
        **STYLES[reference],
    )
    axes.hlines(required, until - 3 * apart, until + 3 * apart, "black", "dashed", linewidth=1)
axes.set_xlabel("end of the window, UTC")
axes.set_ylabel(f"gain in {primary}{unit}; more is better")
show_dates(axes, ticks=6)
legend(figure, axes)
plt.show()

# %% [markdown]
# ## Slice by slice over time
#
# The primary metric of challenger and champion on each slice, each on a scale of its own. A slice
# that few rows belong to has wide intervals, or none.

# %%
parts = [
    name
    for (name,) in database.execute(
        """
        SELECT DISTINCT slice FROM judged JOIN metrics USING (model, run, attempt)
        WHERE metric = $metric AND slice <> 'overall' ORDER BY slice
        """,
        {"metric": primary},
    ).fetchall()
]
columns = 3
lines = max(1, -(-len(parts) // columns))
figure, grid = plt.subplots(
    lines,
    columns,
    figsize=(9, 2.4 * lines),
    sharex=True,
    squeeze=False,
    layout="constrained",
)
for axes, part in zip(grid.flat, parts, strict=False):
    show_over_time(axes, primary, part)
    axes.set_title(part, fontsize="medium")
    axes.set_ylim(bottom=0)
for axes in grid.flat[len(parts) :]:
    axes.set_visible(False)
    # The labels of dates go to the last one that is seen.
    grid.flat[len(parts) - 1].xaxis.set_tick_params(labelbottom=True)
figure.supylabel(f"{primary} of {model}{unit}", fontsize="medium")
figure.supxlabel("end of the window, UTC", fontsize="medium")
legend(figure, grid.flat[0])
plt.show()

# %% [markdown]
# ## The last run, rule by rule
#
# What the gate looked at. A gain is positive when the challenger is better; to pass, the lower
# bound must exceed what is required. A slice with too little data is tested for harm only.

# %%
ask("""
    WITH checks AS (
        SELECT unnest(gate.checks) AS c
        FROM (SELECT * FROM judged ORDER BY finishedAt DESC LIMIT 1)
    )
    SELECT c.rule, c.reference AS "against", c.slice, c.metric, c.gain, c.lower, c.upper,
           c.required, c.groups, c.powered, c.status, c.blocks
    FROM checks
""")

# %% [markdown]
# ## What was searched
#
# The winner of each search. Cross-validation only ranks the candidates: its score comes from other
# months than the window's and is no forecast of what was reached there.

# %%
ask("""
    WITH won AS (SELECT *, candidates[winner + 1] AS best FROM judged)
    SELECT strftime(until, '%Y-%m-%d') AS judged_until, engine, len(candidates) AS candidates,
           best.family AS family, array_to_string(
               list_transform(map_entries(best.parameters), lambda e: e.key || '=' || e.value), ', '
           ) AS parameters, best.mean AS cross_validated, metrics.value AS reached,
           primary_metric AS metric
    FROM won JOIN metrics USING (model, run, attempt)
    WHERE role = 'challenger' AND slice = 'overall' AND metric = primary_metric
    ORDER BY until
""")

# %% [markdown]
# ## A question of your own
#
# Any SQL will do. This one asks which weather, weekday or whatever else is a slice went worst for
# the champion that was judged last, relative to all rows.

# %%
ask("""
    WITH last AS (SELECT * FROM judged ORDER BY finishedAt DESC LIMIT 1)
    SELECT slice, metrics.rows, metrics.value AS champion,
           metrics.value / first(metrics.value) OVER (ORDER BY slice <> 'overall') AS relative
    FROM last JOIN metrics USING (model, run, attempt)
    WHERE role = 'champion' AND metric = primary_metric
    ORDER BY relative DESC
""")
