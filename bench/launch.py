"""Runs one command and writes what it cost as a line of JSON: `python3 -I -S bench/launch.py OUTPUT COMMAND...`.

A process of its own that imports next to nothing: Linux counts the memory of whoever starts a program to that program's peak
(exec keeps the mark of the memory that it replaces), so a large Python process would measure itself.

OUTPUT takes both output streams of the command. Written are `status`, `wall` and `cpu` in seconds, and `peak_mib`: the largest resident
memory; where the command starts others (Terraform its providers), that of all who live at one time together, looked at 20 times a second.
"""

import os
import select
import sys
import time

SECONDS_BETWEEN_LOOKS = 0.05


def children_of(process):
    found = []
    try:
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/children") as file:
                found += [int(word) for word in file.read().split()]
    except OSError:  # it ended while being looked at
        pass
    return found


def peak_kib_of(process):
    try:
        with open(f"/proc/{process}/status") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


def look(process):
    """How many there are, the process and all below it, and the sum of their peaks so far."""
    looks = [look(child) for child in children_of(process)]
    return 1 + sum(count for count, _ in looks), peak_kib_of(process) + sum(peak for _, peak in looks)


def main(output, command):
    start = time.monotonic()
    to_file = [
        (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=to_file)
    ended = select.poll()
    ended.register(os.pidfd_open(child), select.POLLIN)
    most, together = 1, 0
    while not ended.poll(SECONDS_BETWEEN_LOOKS * 1000):
        count, peak = look(child)
        most, together = max(most, count), max(together, peak)
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - start
    peak = together if most > 1 else usage.ru_maxrss
    code = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    print(f'{{"status": {code}, "wall": {wall:.4f}, "cpu": {cpu:.4f}, "peak_mib": {peak / 1024:.1f}}}')


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
