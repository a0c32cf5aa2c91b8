# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Why was it kept?
#
# A retrain ended with KEEP: the champion stays. This notebook takes the last such verdict of a
# registry apart, rule by rule and slice by slice. It judges nothing itself; every bound was written
# by the gate.
#
# `REFOREST_HOME` names the home, as in [Reading the registry](reading-the-registry.ipynb); by
# default it is what `./reforest demo` wrote.

# %%
import os
import shutil
import tempfile
from pathlib import Path

import duckdb
import matplotlib.pyplot as plt
from IPython.display import Markdown
from launcher import result
from registry import asking, connect, units
from showing import STATUS_STYLES, STYLES, interval, legend, name_lines

workplace = tempfile.TemporaryDirectory(prefix="reforest-")


def last_kept(home: Path) -> duckdb.DuckDBPyConnection | None:
    """The registry of a home with its last KEEP as the table kept; None when it has none."""
    database = connect(str(home))
    database.execute("""
        CREATE TABLE kept AS
        FROM runs WHERE verdict = 'KEEP' ORDER BY finishedAt DESC LIMIT 1
    """)
    return database if database.execute("SELECT run FROM kept").fetchall() else None


# %% [markdown]
# ## A verdict to look at
#
# The demo has no KEEP. A home without one is copied, and the copy gets one by a proposal that
# sounds reasonable: drop the columns that come from the calendar, then a service needs the hour and
# the weather only. The challenger even has an advantage, because it has seen the weeks up to the
# window: since the demo took its last promotion back, the champion is one that has not.

# %%
home = Path(os.environ.get("REFOREST_HOME", "../reforest-demo"))
database = last_kept(home)
if database is None:
    folder = Path(workplace.name)
    shutil.copytree(home, folder / "home")
    shutil.copy("../conf/bikeshare.conf", folder)
    proposed = result(
        folder,
        *("retrain", "--conf", "bikeshare.conf", "--home", "home", "--publish"),
        "features.numeric=[hr, temp, atemp, hum, windspeed]",
        "features.categorical=[season, weathersit]",
        *("train.folds=2", "train.random-forest.enabled=false"),
        *("train.gradient-boosting.iterations=[100]", "train.gradient-boosting.depth=[6]"),
    )
    database = last_kept(folder / "home")
    if database is None:
        raise ValueError(f"the proposal ended with {proposed['verdict']}: {proposed['reasons']}")

ask = asking(database)
ask("""
    SELECT model, kind, verdict, "window".text AS "window", "window".rows AS rows,
           "window".clusters AS clusters, gate.attempt AS try, gate.alpha AS alpha,
           gate.power AS power
    FROM kept
""")

# %% [markdown]
# A cluster is what the interval leaves out at once, here a day. `try` numbers the looks at these
# rows; this is the second, after the demo's own. All tries share 5 %, the first has most of it, and
# a later one gets the small `alpha` that stands here. `power` is the chance of a promotion that a
# challenger would have had whose gain is just worthwhile. Where it is as small as here, not to be
# promoted says little about a challenger; to fail does.
#
# ## Which rule decided

# %%
reasons = database.execute("SELECT unnest(reasons) FROM kept").fetchall()
Markdown("\n".join(f"* {sentence}" for (sentence,) in reasons))

# %% [markdown]
# One rule that fails is enough. Here are all of them. A gain is positive when the challenger is
# better; each bar reaches from the lower bound, at `alpha`, to the upper one, at 5 %, both
# one-sided. The tick is what the gain must exceed: over all rows there must be one, a slice or a
# guardrail may lose up to its margin.
#
# * **passed**: the bar lies right of the tick.
# * **failed**: it lies left of it, and the champion stays.
# * **unproven**: the tick lies in it, which alone would leave the verdict open.
# * **hollow**: a slice with too little data to expect a proof, wherever its bar lies. It counts
#   only when it fails, by a test that is the stricter the more such slices there are.


# %%
database.execute("""
    CREATE TABLE checks AS SELECT c.* FROM (SELECT unnest(gate.checks) AS c FROM kept)
""")
primary, reference = database.execute("""
    SELECT metric, reference FROM checks WHERE rule = 'primary' ORDER BY reference = 'dummy'
""").fetchall()[0]
found = units(database, "kept").get(primary)
unit = f", {found}" if found else ""
drawn = database.execute(
    """
    SELECT metric || ', ' || slice, gain, lower, upper, required, status,
           powered OR status = 'failed'
    FROM checks WHERE reference = ? AND isfinite(gain + lower + upper)
    """,
    [reference],
).fetchall()

figure, axes = plt.subplots(figsize=(8, 0.45 * len(drawn) + 1.3), layout="constrained")
for place, (_, gain, lower, upper, required, status, counts) in enumerate(drawn):
    style = STATUS_STYLES[status] | ({} if counts else {"markerfacecolor": "white"})
    interval(axes, place, gain, lower, upper, label=status, **style)
    axes.vlines(required, place - 0.35, place + 0.35, "black", linewidth=2)
name_lines(axes, [line[0] for line in drawn])
axes.set_xlabel(f"gain against the {reference}{unit}; more is better")
legend(figure, axes)
plt.show()

# %%
ask("""
    SELECT metric, slice, gain, lower, upper, required, groups AS clusters, powered, status, blocks
    FROM checks
""")

# %% [markdown]
# What this says of the demo's proposal, and what it does not:
#
# * On **days off** it predicts worse, by more than the ten rentals an hour that a slice may lose.
#   That is proven although there were nine such days only, and it alone decided.
# * On **working days** it looks better; whether it is was not proven.
# * Over **all rows** it is open: the interval reaches from harm to more than the three rentals that
#   would be worthwhile. Without slices the verdict would have been INCONCLUSIVE.

# %% [markdown]
# ## Slice by slice
#
# What each reached, with two-sided 95 % intervals. That two of them overlap does not mean that the
# gain is unsure: both models miss on the same odd days, which cancels out in the difference.

# %%
reached = database.execute(
    """
    SELECT slice, metrics.rows, role, metrics.value, lower, upper
    FROM metrics JOIN kept USING (model, run, attempt)
    WHERE metric = ? AND isfinite(metrics.value) AND role <> 'dummy'
    ORDER BY slice <> 'overall', slice
    """,
    [primary],
).fetchall()
slices = list(dict.fromkeys(f"{part}\n{rows} rows" for part, rows, *_ in reached))
roles = [role for role in STYLES if any(role in line for line in reached)]

figure, axes = plt.subplots(figsize=(8, 0.6 * len(slices) + 1.2), layout="constrained")
for part, rows, role, *bounds in sorted(reached, key=lambda line: roles.index(line[2])):
    place = slices.index(f"{part}\n{rows} rows")
    place += 0.22 * (roles.index(role) - (len(roles) - 1) / 2)
    interval(axes, place, *bounds, label=role, **STYLES[role])
name_lines(axes, slices)
axes.set_xlim(left=0)
axes.set_xlabel(f"{primary}{unit}; less is better")
legend(figure, axes)
plt.show()

# %% [markdown]
# Slices that divide all rows among them add up: each adds its share of the rows times its gain in
# the mean loss, which is squared for rmse. Working days pay for days off here, and the whole shows
# neither.

# %%
ask(f"""
    WITH losses AS (
        SELECT slice, any_value(metrics.rows) AS n, split_part(slice, '=', 1) AS family,
               any_value(loss) FILTER (role = '{reference}') AS before,
               any_value(loss) FILTER (role = 'challenger') AS after
        FROM (SELECT *, value ** if(metric = 'rmse', 2, 1) AS loss FROM metrics) AS metrics
        JOIN kept USING (model, run, attempt)
        WHERE metric = '{primary}' AND metric IN ('rmse', 'mae', 'log-loss')
        GROUP BY slice
    )
    SELECT slice, n / total AS share, before - after AS 'gain in mean loss',
           n / total * (before - after) AS 'adds to the whole'
    FROM losses, (SELECT n AS total FROM losses WHERE slice = 'overall')
    QUALIFY sum(n) OVER (PARTITION BY family) = total
    ORDER BY slice = 'overall', slice
""")

# %% [markdown]
# ## What was different
#
# The settings of this run and of the one that made the champion, where they differ.

# %%
ask("""
    WITH settings AS (
        SELECT runs.run = kept.run AS challenger, unnest(map_entries(runs.configuration)) AS s
        FROM runs, kept
        WHERE runs.model = kept.model AND (
            (runs.run = kept.run AND runs.attempt = kept.attempt)
            OR (runs.challenger = kept.champion AND runs.promotion IS NOT NULL))
    )
    SELECT s.key AS setting, any_value(s.value) FILTER (NOT challenger) AS champion,
           any_value(s.value) FILTER (challenger) AS challenger
    FROM settings GROUP BY s.key HAVING champion IS DISTINCT FROM challenger AND setting <> 'home'
    ORDER BY setting
""")

# %% [markdown]
# ## When the data does not decide
#
# A KEEP needs no more rows. Had nothing failed, a rule that is unproven and blocks would have made
# it INCONCLUSIVE. Then the gate also says about how many more clusters would decide, either way,
# with a chance of 80 % and as far as what was seen so far can tell; nothing stands there when not
# even 64 times the data would. Rows that left it open stay in the window, beside newer ones. The
# runs of this registry that ended so, with the rules that were open:

# %%
ask("""
    SELECT strftime(runs."window"."end", '%Y-%m-%d') AS judged_until, c.reference AS "against",
           c.slice, c.gain, c.lower, c.upper, c.required, c.groups AS clusters,
           runs.gate.moreClusters AS more_needed
    FROM runs, unnest(runs.gate.checks) AS u(c)
    WHERE runs.verdict = 'INCONCLUSIVE' AND c.status = 'unproven' AND c.blocks
    ORDER BY judged_until
""")

# %% [markdown]
# ## What next
#
# * **A slice failed**: find out what its rows need that the model does not get, above in the
#   settings that differ.
# * **The margin is wrong**: how much a slice may lose is a decision about the service. It stands in
#   `conf/` and is recorded with each run; make it before the next try, not after this one.
# * **Try again**: each look at the same protected rows costs proof. A plain `retrain` compares on
#   the development window as often as you like.

# %%
workplace.cleanup()
