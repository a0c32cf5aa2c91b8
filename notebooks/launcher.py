"""Calls ./reforest as a shell would."""

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

LAUNCHER = Path(__file__).resolve().parent.parent / "reforest"


def reforest(folder: Path, *arguments: str, fails_with: int = 0) -> str:
    """Runs one command in a folder, shows it as one would type it, and returns its stdout.

    Relative paths start in the folder, and what is returned or shown names it as little. What is
    said on stderr is shown when the command is expected to fail. Raises RuntimeError when the exit
    code is another than the expected one.
    """
    typed = ("--profile", "small", *arguments)
    print("$ ./reforest", shlex.join(typed))
    # The home is what the arguments say, also where this notebook reads another one.
    others = {name: value for name, value in os.environ.items() if name != "REFOREST_HOME"}
    ended = subprocess.run(
        [LAUNCHER, *typed], cwd=folder, env=others, capture_output=True, text=True, check=False
    )
    if ended.returncode != fails_with:
        raise RuntimeError(f"exit code {ended.returncode}, expected {fails_with}:\n{ended.stderr}")
    if fails_with:
        print(ended.stderr.replace(f"{folder}/", "").rstrip())
        print("exit code", ended.returncode)
    return ended.stdout.replace(f"file://{folder}/", "")


def result(folder: Path, *arguments: str) -> dict[str, Any]:
    """Runs one command that succeeds, and returns its result."""
    return json.loads(reforest(folder, *arguments))
