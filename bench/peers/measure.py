"""Runs a command and writes what it and its children took: measure.py FILE COMMAND..."""

import json
import os
import sys
import time
from pathlib import Path

target, command = sys.argv[1], sys.argv[2:]
start = time.monotonic()
process = os.spawnvp(os.P_NOWAIT, command[0], command)  # noqa: S606
_, status, usage = os.wait4(process, 0)
taken = {
    "cpuSeconds": usage.ru_utime + usage.ru_stime,
    "wallSeconds": time.monotonic() - start,
    # Linux counts in units of 1024 bytes.
    "peakMegabytes": usage.ru_maxrss / 1024,
}
Path(target).write_text(json.dumps(taken), encoding="utf-8")
sys.exit(os.waitstatus_to_exitcode(status) & 255)
