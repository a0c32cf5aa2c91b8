"""How the notebooks show what they read: tables, intervals, and one look for each role."""

from collections.abc import Iterable, Sequence
from typing import Any

from IPython.display import Markdown
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Told apart by colour-blind eyes (Okabe and Ito 2008) and, by their markers, without colour.
STYLES: dict[str, dict[str, Any]] = {
    "challenger": {"color": "#0072B2", "marker": "o"},
    "champion": {"color": "#D55E00", "marker": "s"},
    "rule": {"color": "#009E73", "marker": "^"},
    "dummy": {"color": "#666666", "marker": "D"},
}
STATUS_STYLES: dict[str, dict[str, Any]] = {
    "passed": {"color": "#0072B2", "marker": "o"},
    "unproven": {"color": "#8a8a8a", "marker": "D"},
    "failed": {"color": "#D55E00", "marker": "X"},
}


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Markdown:
    """Rows as a table; numbers with five significant digits."""

    def text(value: object) -> str:
        if value is None:
            return ""
        shown = f"{value:.5g}" if isinstance(value, float) else str(value)
        return shown.replace("|", "\\|").replace("\n", " ")

    lines = [head, ["---"] * len(head), *rows]
    return Markdown("\n".join("| " + " | ".join(map(text, line)) + " |" for line in lines))


def interval(
    axes: Axes, place: float, value: float, lower: float | None, upper: float | None, **style: Any
) -> None:
    """Draws a value with its bounds on a line of its own, or alone where they are not known."""
    known = lower is not None and upper is not None
    axes.errorbar(
        value,
        place,
        xerr=[[value - lower], [upper - value]] if known else None,
        linestyle="none",
        capsize=4,
        markersize=8,
        **style,
    )


def name_lines(axes: Axes, names: Sequence[str]) -> None:
    """Names the lines of intervals, the first one on top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(axis="x", alpha=0.3)


def legend(figure: Figure, axes: Axes) -> None:
    """Tells outside the axes what the marks mean, each once."""
    marks = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    figure.legend(marks.values(), marks.keys(), loc="outside upper right", ncols=4, frameon=False)
