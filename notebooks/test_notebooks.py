"""Each notebook is its script, executed; nbmake runs them anew."""

import shutil
from pathlib import Path

import jupytext
import pytest
from jupytext.cli import jupytext as command

FOLDER = Path(__file__).parent
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def test_each_script_has_its_notebook() -> None:
    scripts = [
        path.stem for path in FOLDER.glob("*.py") if path.read_text("utf-8").startswith("# ---\n")
    ]
    assert scripts
    assert sorted(scripts) == [path.stem for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_has_the_cells_of_its_script(path: Path) -> None:
    script = jupytext.read(path.with_suffix(".py"))
    notebook = jupytext.read(path)
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [
        (cell.cell_type, cell.source) for cell in script.cells
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_a_pair_for_jupyter_which_saves_what_is_new_and_nothing_else(
    path: Path, tmp_path: Path
) -> None:
    for file in (FOLDER / "jupytext.toml", path, path.with_suffix(".py")):
        shutil.copy(file, tmp_path)
    notebook, script = tmp_path / path.name, tmp_path / f"{path.stem}.py"
    command(["--quiet", "--sync", str(notebook)])
    assert notebook.read_bytes() == path.read_bytes()

    changed = script.read_text("utf-8") + "\n# %%\nprint('one more')\n"
    script.write_text(changed, "utf-8")
    command(["--quiet", "--sync", str(script)])

    assert script.read_text("utf-8") == changed
    *old, new = jupytext.read(notebook).cells
    assert old == jupytext.read(path).cells
    assert new.source == "print('one more')"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_keeps_its_outputs_and_nothing_of_the_machine_it_ran_on(path: Path) -> None:
    notebook = jupytext.read(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not any("execution" in cell.metadata for cell in code)
    text = path.read_text("utf-8")
    for folder in ("/home/", "/root/", "/tmp/", "/Users/", "file:/"):
        assert folder not in text
