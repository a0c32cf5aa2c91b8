"""Runs a command and writes what it took, with all the processes it started: measure.py FILE COMMAND..."""

import json
import os
import sys
import time

target, command = sys.argv[1], sys.argv[2:]
start = time.monotonic()
process = os.spawnvp(os.P_NOWAIT, command[0], command)
_, status, usage = os.wait4(process, 0)
taken = {
    "cpuSeconds": usage.ru_utime + usage.ru_stime,
    "wallSeconds": time.monotonic() - start,
    # Linux counts in units of 1024 bytes.
    "peakMegabytes": usage.ru_maxrss / 1024,
}
with open(target, "w", encoding="utf-8") as file:
    json.dump(taken, file)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
