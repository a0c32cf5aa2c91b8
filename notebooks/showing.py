"""How the notebooks show what they read: tables, and one look for each role."""

from collections.abc import Iterable, Sequence
from typing import Any

from IPython.display import Markdown

# Told apart by colour-blind eyes (Okabe and Ito 2008) and, by their markers, without colour.
STYLES: dict[str, dict[str, Any]] = {
    "challenger": {"color": "#0072B2", "marker": "o"},
    "champion": {"color": "#D55E00", "marker": "s"},
    "rule": {"color": "#009E73", "marker": "^"},
    "dummy": {"color": "#666666", "marker": "D"},
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
