"""Explains rows by shap, beside ours: explain.py MODEL FEATURES EXPLAINED TOLD.

MODEL is a bundle's PMML of boosted trees over numbers x0, x1, ...; EXPLAINED holds doubles for each
row: its values, our base, and what each feature adds by us.
"""

import json
import sys
import time
import xml.etree.ElementTree as ET
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import shap

PMML = "{http://www.dmg.org/PMML-4_4}"

ROUNDS = 3


def tree(model: ET.Element) -> dict[str, np.ndarray]:
    """The arrays that shap takes a tree as."""
    left, right, feature, threshold, value, rows = [], [], [], [], [], []

    def add(node: ET.Element) -> int:
        place = len(left)
        children = node.findall(PMML + "Node")
        left.append(-1)
        right.append(-1)
        feature.append(-2)
        threshold.append(-2.0)
        value.append([float(node.get("score", 0))])
        rows.append(float(node.get("recordCount")))
        if children:
            split = children[0].find(PMML + "SimplePredicate")
            feature[place] = int(split.get("field")[1:])
            threshold[place] = float(split.get("value"))
            left[place] = add(children[0])
            right[place] = add(children[1])
        return place

    add(model.find(PMML + "Node"))
    return {
        "children_left": np.array(left),
        "children_right": np.array(right),
        "children_default": np.array(right),
        "features": np.array(feature),
        "thresholds": np.array(threshold),
        "values": np.array(value),
        "node_sample_weight": np.array(rows),
    }


file, features, explained, told = sys.argv[1:]
count = int(features)
ours = np.fromfile(explained, ">f8").reshape(-1, 2 * count + 1).astype("float64")
x, base, parts = ours[:, :count].copy(), ours[:, count], ours[:, count + 1 :]
trees = [tree(model) for model in ET.parse(file).iter(PMML + "TreeModel")]  # noqa: S314
explainer = shap.TreeExplainer({"trees": trees}, feature_perturbation="tree_path_dependent")
seconds: list[float] = []
theirs: Any = None
for _ in range(ROUNDS):
    start = time.process_time()
    theirs = explainer.shap_values(x, check_additivity=False)
    seconds.append(time.process_time() - start)
theirs = np.asarray(theirs).reshape(parts.shape)
size = max(1.0, float(np.abs(parts).max()))
difference = max(
    float(np.abs(theirs - parts).max()),
    float(np.abs(np.ravel(explainer.expected_value)[0] - base).max()),
)
result = {
    "microseconds": min(seconds) / len(x) * 1e6,
    "difference": difference / size,
    "nodes": sum(len(each["features"]) for each in trees),
    "version": f"shap {version('shap')}",
}
Path(told).write_text(json.dumps(result), encoding="utf-8")
