"""Tells what ./reforest test took: seconds by group, and the ten dearest test classes.

python3 .ci/times.py START END [NAME=SECONDS ...]

START and END are when Maven began and ended, in seconds since 1970. What else was timed is told
beside what Maven's reports say.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree

PROJECT = Path(__file__).resolve().parent.parent
REPORTS = {"unit": "surefire-reports", "integration": "failsafe-reports"}
DEAREST = 10


def classes(group: str, since: float) -> dict[Path, list[tuple[float, float, str]]]:
    """When each class of tests ended, how long it took and its name, by the module's folder."""
    found: dict[Path, list[tuple[float, float, str]]] = {}
    for depth in ("*", "*/*"):
        for report in PROJECT.glob(f"{depth}/target/{REPORTS[group]}/TEST-*.xml"):
            ended = report.stat().st_mtime
            # Others are left from an earlier run.
            if ended >= since:
                suite = ElementTree.parse(report).getroot()
                took = float(suite.attrib["time"].replace(",", ""))
                found.setdefault(report.parents[2], []).append((ended, took, suite.attrib["name"]))
    return found


def spent(modules: dict[Path, list[tuple[float, float, str]]]) -> float:
    """From the first class's start to the last one's end, since classes run side by side."""
    return sum(
        max(ended for ended, _, _ in module) - min(ended - took for ended, took, _ in module)
        for module in modules.values()
    )


start, end = float(sys.argv[1]), float(sys.argv[2])
tests = {group: classes(group, start) for group in REPORTS}
groups = {group: spent(modules) for group, modules in tests.items()}
groups = {"build": end - start - sum(groups.values())} | groups
for timed in sys.argv[3:]:
    name, seconds = timed.split("=")
    groups[name] = float(seconds)

print("\nSeconds by group")
for name, seconds in groups.items():
    print(f"{seconds:7.0f}  {name}")
dearest = sorted(
    (took, f"{name} ({group})")
    for group, modules in tests.items()
    for module in modules.values()
    for _, took, name in module
)
print(f"\nThe {DEAREST} dearest of {len(dearest)} test classes, which run two at a time")
for took, name in dearest[: -DEAREST - 1 : -1]:
    print(f"{took:7.0f}  {name}")
