"""Command line of the emulator; see the README of the folder above."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m strata_emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5000, help="0 picks a free one")
    parser.add_argument("--latency-ms", type=float, default=0, help="added to every call")
    parser.add_argument("--throttle", action="store_true", help="AWS's rate limits per API group")
    parser.add_argument("--fault", action="append", default=[], metavar="SPEC")
    parser.add_argument("--ledger", metavar="FILE", help="one JSON line for each call")
    parser.add_argument("--instance-file", metavar="FILE", help="gets the id of this instance")
    parser.add_argument("--tls-cert", metavar="FILE")
    parser.add_argument("--tls-key", metavar="FILE")
    found = parser.parse_args()
    if bool(found.tls_cert) != bool(found.tls_key):
        parser.error("--tls-cert and --tls-key go together")
    return found


def _set_moto_up() -> None:
    """Settings that moto reads from the environment when it is imported."""
    os.environ.setdefault("MOTO_ALLOW_NONEXISTENT_REGION", "true")
    os.environ.setdefault("MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS", "false")
    os.environ.setdefault("S3_IGNORE_SUBDOMAIN_BUCKETNAME", "true")
    os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    # moto talks to itself in a few places; it must never look for real credentials.
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "emulator")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "emulator")


def main() -> int:
    arguments = _arguments()
    _set_moto_up()
    from strata_emulator.emulator import Emulator, Settings
    from strata_emulator.faults import BadSpec
    from strata_emulator.server import Server, tls_context

    settings = Settings(
        arguments.latency_ms,
        arguments.throttle,
        tuple(arguments.fault),
        arguments.ledger,
        arguments.instance_file,
    )
    try:
        emulator = Emulator(settings)
    except BadSpec as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    tls = tls_context(arguments.tls_cert, arguments.tls_key) if arguments.tls_cert else None
    server = Server(arguments.host, arguments.port, emulator.answer, tls)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # Copies of this process that have ended are not waited for (forks.py).
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    print(f"listening on {server.url}", flush=True)
    stop.wait()
    server.shutdown()
    server.server_close()
    emulator.ledger.close()
    return 0


if __name__ == "__main__":
    # Threads that hold a connection open must not keep the process alive.
    code = main()
    sys.stdout.flush()
    os._exit(code)
