"""Fits what a plan says with a peer, and tells how: peers.py WHAT PEER PLAN TOLD."""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

SEED = 7

# As ours takes probabilities: evaluate.clip.
CLIP = 1e-6

Plan = dict[str, Any]


def read(plan: Plan, name: str) -> tuple[Any, np.ndarray, np.ndarray]:
    """Features, label and fold of each row; text as categories."""
    file = Path(plan["data"]) / f"{name}.parquet"
    columns = plan["numbers"] + plan["categories"]
    if plan["categories"]:
        frame = pd.read_parquet(file, columns=[*columns, "y", "fold"])
        x = frame[columns].astype(CATEGORIES)
        return x, frame["y"].to_numpy(), frame["fold"].to_numpy()
    # Into one array, batch by batch: a frame would hold all values twice for a while.
    source = pq.ParquetFile(file)
    rows = source.metadata.num_rows
    x = np.empty((rows, len(columns)))
    y = np.empty(rows, "int32" if plan["binary"] else "float64")
    fold = np.empty(rows, "int32")
    at = 0
    for batch in source.iter_batches(columns=[*columns, "y", "fold"]):
        part = slice(at, at + batch.num_rows)
        for i, column in enumerate(columns):
            x[part, i] = batch.column(column)
        y[part] = batch.column("y")
        fold[part] = batch.column("fold")
        at += batch.num_rows
    return x, y, fold


def categories(plan: Plan) -> dict[str, pd.CategoricalDtype]:
    """The texts of both files, so that each has one code."""
    found = {}
    for category in plan["categories"]:
        texts = set()
        for name in ("train", "test"):
            file = Path(plan["data"]) / f"{name}.parquet"
            texts |= set(pd.read_parquet(file, columns=[category])[category])
        found[category] = pd.CategoricalDtype(sorted(texts))
    return found


def lightgbm(plan: Plan, depth: int, trees: int) -> Any:
    """Not fitted yet."""
    from lightgbm import LGBMClassifier, LGBMRegressor

    return (LGBMClassifier if plan["binary"] else LGBMRegressor)(
        n_estimators=trees,
        max_depth=depth,
        num_leaves=2**depth,
        learning_rate=plan["rate"],
        max_bin=plan["bins"],
        min_child_samples=plan["minRows"],
        min_child_weight=0,
        n_jobs=plan["cores"],
        random_state=SEED,
        verbose=-1,
    )


def xgboost(plan: Plan, depth: int, trees: int) -> Any:
    """Not fitted yet."""
    from xgboost import XGBClassifier, XGBRegressor

    return (XGBClassifier if plan["binary"] else XGBRegressor)(
        n_estimators=trees,
        max_depth=depth,
        learning_rate=plan["rate"],
        max_bin=plan["bins"],
        min_child_weight=plan["minRows"],
        tree_method="hist",
        enable_categorical=True,
        n_jobs=plan["cores"],
        random_state=SEED,
    )


def sklearn(plan: Plan, depth: int, trees: int) -> Any:
    """Not fitted yet."""
    if plan["boosting"]:
        from sklearn.ensemble import (
            HistGradientBoostingClassifier,
            HistGradientBoostingRegressor,
        )

        kind = HistGradientBoostingClassifier if plan["binary"] else HistGradientBoostingRegressor
        return kind(
            max_iter=trees,
            max_depth=depth,
            max_leaf_nodes=2**depth,
            learning_rate=plan["rate"],
            max_bins=plan["bins"],
            min_samples_leaf=plan["minRows"],
            early_stopping=False,
            random_state=SEED,
        )
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    return (RandomForestClassifier if plan["binary"] else RandomForestRegressor)(
        n_estimators=trees,
        max_depth=depth,
        min_samples_leaf=plan["minRows"],
        max_features="sqrt" if plan["binary"] else 1 / 3,
        n_jobs=plan["cores"],
        random_state=SEED,
    )


PEERS = {"lightgbm": lightgbm, "xgboost": xgboost, "sklearn": sklearn}
PACKAGES = {"lightgbm": "lightgbm", "xgboost": "xgboost-cpu", "sklearn": "scikit-learn"}


def score(plan: Plan, model: Any) -> float:
    """Root mean squared error or log-loss on the test rows."""
    from sklearn.metrics import log_loss, root_mean_squared_error

    x, y, _ = read(plan, "test")
    if plan["binary"]:
        return log_loss(y, model.predict_proba(x)[:, 1])
    return root_mean_squared_error(y, model.predict(x))


def search(plan: Plan, peer: str) -> dict[str, Any]:
    """As a user would: a grid over the same folds, then the winner on all rows."""
    from sklearn.model_selection import GridSearchCV, PredefinedSplit

    first = PEERS[peer](plan, plan["depths"][0], plan["trees"][0])
    trees = "max_iter" if peer == "sklearn" and plan["boosting"] else "n_estimators"
    grid = []
    for depth in plan["depths"]:
        settings = {"max_depth": [depth], trees: plan["trees"]}
        if peer == "lightgbm":
            settings["num_leaves"] = [2**depth]
        if peer == "sklearn" and plan["boosting"]:
            settings["max_leaf_nodes"] = [2**depth]
        grid.append(settings)
    x, y, fold = read(plan, "train")
    scoring = "neg_log_loss" if plan["binary"] else "neg_root_mean_squared_error"
    found = GridSearchCV(first, grid, scoring=scoring, cv=PredefinedSplit(fold)).fit(x, y)
    return {
        "depth": found.best_params_["max_depth"],
        "trees": found.best_params_[trees],
        "validated": -found.best_score_,
        "tested": score(plan, found.best_estimator_),
    }


def fit(plan: Plan, peer: str) -> dict[str, Any]:
    """From the file to the model: a first time and, where the plan says so, again."""
    seconds = []
    for _ in range(plan["repeats"]):
        start = time.process_time()
        x, y, _ = read(plan, "train")
        read_at = time.process_time()
        model = PEERS[peer](plan, plan["depths"][0], plan["trees"][0]).fit(x, y)
        seconds.append((time.process_time() - start, time.process_time() - read_at))
        del x, y
    return {
        "firstSeconds": seconds[0][0],
        "againSeconds": seconds[-1][0],
        "trainSeconds": seconds[-1][1],
        "tested": score(plan, model),
    }


def steps(plan: Plan, peer: str) -> dict[str, Any]:
    """With MLlib's steps: the first tree counts in full, and only the others by the rate."""
    from lightgbm import reset_parameter

    trees = plan["trees"][0]
    rates = [1.0] + [plan["rate"]] * (trees - 1)
    x, y, _ = read(plan, "train")
    model = PEERS[peer](plan, plan["depths"][0], trees)
    model.fit(x, y, callbacks=[reset_parameter(learning_rate=rates)])
    return {"tested": score(plan, model)}


def folds(plan: Plan, peer: str) -> dict[str, Any]:
    """Means over the folds that a fit has not seen, for each division into folds."""
    from sklearn.metrics import log_loss, roc_auc_score

    frame = pd.read_parquet(Path(plan["data"]) / "train.parquet")
    x, y = frame[plan["numbers"]].to_numpy(), frame["y"].to_numpy()
    result: dict[str, Any] = {"log-loss": [], "1 - auc": []}
    for division in range(1, plan["repeats"] + 1):
        fold = frame[f"fold{division}"].to_numpy()
        losses, areas = [], []
        for left in range(plan["folds"]):
            out = fold == left
            model = PEERS[peer](plan, plan["depths"][0], plan["trees"][0])
            model.set_params(random_state=division).fit(x[~out], y[~out])
            said = np.clip(model.predict_proba(x[out])[:, 1], CLIP, 1 - CLIP)
            losses.append(log_loss(y[out], said))
            areas.append(roc_auc_score(y[out], said))
        result["log-loss"].append(np.mean(losses))
        result["1 - auc"].append(1 - np.mean(areas))
    return result


what, peer, plan_file, told = sys.argv[1:]
plan = json.loads(Path(plan_file).read_text(encoding="utf-8"))
CATEGORIES = categories(plan)
result = {"search": search, "fit": fit, "steps": steps, "folds": folds}[what](plan, peer)
result["version"] = f"{PACKAGES[peer]} {version(PACKAGES[peer])}"
result["numpy"] = np.__version__
Path(told).write_text(json.dumps(result), encoding="utf-8")
