"""A copy of the emulator as it is now, in a process of its own.

What is dear to deploy is deployed once, and tried as often as there are copies.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from strata_emulator.faults import FaultPlan
from strata_emulator.ledger import Ledger
from strata_emulator.server import Server

if TYPE_CHECKING:
    from strata_emulator.emulator import Emulator

LOOK_SECONDS = 0.5


def fork(emulator: Emulator) -> dict[str, Any]:
    """Starts the copy, which listens on a port of its own; returns its address and process id.

    Objects, tokens and the instance id are as here; the ledger and the fault plan are empty. The
    copy ends with SIGTERM, SIGKILL, or the process that it came from.
    """
    server = Server("127.0.0.1", 0, emulator.answer)
    parent = os.getpid()
    sys.stdout.flush()
    # With the lock, no handler is halfway through a change.
    with emulator.lock:
        gc.freeze()
        pid = os.fork()
    if pid == 0:
        _serve(emulator, server, parent)
    server.socket.close()
    return {"pid": pid, "url": server.url}


def _serve(emulator: Emulator, server: Server, parent: int) -> None:
    """The life of the copy; does not return."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _let_go_of_files({server.fileno()})
    emulator.ledger = Ledger()
    emulator.faults = FaultPlan()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    server.serve_forever(0.1)
    os._exit(0)


def _let_go_of_files(kept: set[int]) -> None:
    """Sockets and files of the process that this one came from become /dev/null.

    Not closed: objects that still name them would later close whatever got their numbers.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in map(int, os.listdir("/dev/fd")):
        if number > 2 and number not in kept:
            try:
                os.dup2(nothing, number)
            except OSError:
                continue  # the listing's own descriptor is closed again by now


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os._exit(0)
