"""Makes notebooks from their scripts and executes them, to be committed with their outputs.

.venv/bin/python notebooks/execute.py             all; reads the home that REFOREST_HOME names
.venv/bin/python notebooks/execute.py SCRIPT ...  only these, new ones too
"""

import sys
from pathlib import Path

import jupytext
import nbclient
import nbformat


def execute(script: Path) -> None:
    notebook = jupytext.read(script)
    nbclient.NotebookClient(
        notebook, record_timing=False, resources={"metadata": {"path": script.parent}}
    ).execute()
    # What would differ from one machine, or one try, to the next.
    notebook.metadata.pop("language_info", None)
    # So Jupyter saves it by jupytext.toml.
    notebook.metadata["jupytext"] = {"notebook_metadata_filter": "-jupytext"}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    nbformat.write(notebook, script.with_suffix(".ipynb"))


for notebook in map(Path, sys.argv[1:] or sorted(Path(__file__).parent.glob("*.ipynb"))):
    execute(notebook.with_suffix(".py"))
