"""The ledger: one line for each call, written when its handler is done."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from typing import Any

from strata_emulator.call import Call

READ_PREFIXES = (
    "BatchDescribe", "BatchGet", "Check", "Count", "Decrypt", "Describe", "Encrypt", "Estimate",
    "Filter", "Generate", "Get", "Head", "List", "Lookup", "Preview", "Query", "ReEncrypt",
    "Scan", "Search", "Select", "Sign", "Simulate", "Test", "TransactGet", "Validate", "Verify",
    "Assume", "Decode",
)  # fmt: skip
READ_NAME = re.compile("^(" + "|".join(READ_PREFIXES) + ")(?=[A-Z]|$)")
SECRET_NAMES = {
    "SecretString", "SecretBinary", "MasterUserPassword", "Plaintext", "Password", "NewPassword",
    "OldPassword", "TdeCredentialPassword", "AuthToken", "SecretAccessKey", "CiphertextBlob",
}  # fmt: skip
TOKEN_NAMES = ("ClientToken", "clientToken", "ClientRequestToken", "IdempotencyToken")
MASK = "***"
KEPT = 50_000
LONG = 20_000


def is_mutating(call: Call) -> bool:
    """Whether the call may change something, judged by its name; EC2 dry runs change nothing."""
    if not call.operation:
        return call.http.method not in ("GET", "HEAD", "OPTIONS")
    if READ_NAME.match(call.operation):
        return False
    return call.params.get("DryRun") is not True


def masked(value: Any, name: str = "") -> Any:
    """`value` as JSON can hold it, with secrets and long blobs taken out."""
    if name in SECRET_NAMES and value is not None:
        return MASK
    if isinstance(value, dict):
        secure = value.get("Type") == "SecureString"
        return {
            str(key): MASK if secure and key == "Value" else masked(item, str(key))
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [masked(item) for item in value]
    if isinstance(value, (bytes, bytearray)):
        return f"<{len(value)} bytes>"
    if isinstance(value, str) and len(value) > LONG:
        return value[:LONG] + "…"
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


class Ledger:
    """Keeps the last entries in memory, and writes all to `path` when one is given."""

    def __init__(self, path: str | None = None):
        self._file = open(path, "a", encoding="utf-8") if path else None  # noqa: SIM115
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._sequence = 0

    def next_sequence(self) -> int:
        with self._lock:
            self._sequence += 1
            return self._sequence

    def add(self, entry: dict[str, Any]) -> None:
        """Writes the entry at once, so that a reader sees it before the client sees the answer."""
        with self._lock:
            self._entries.append(entry)
            if self._file:
                self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                self._file.flush()

    def since(self, sequence: int) -> list[dict[str, Any]]:
        """Entries whose sequence number is greater than `sequence`, by that number."""
        with self._lock:
            found = [entry for entry in self._entries if entry["seq"] > sequence]
        return sorted(found, key=lambda entry: entry["seq"])

    def close(self) -> None:
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None


def entry_for(call: Call, sequence: int) -> dict[str, Any]:
    """What is known before the handler runs. Bodies of S3 objects are not kept."""
    params = call.params
    if call.operation in ("PutObject", "UploadPart"):
        params = {name: value for name, value in params.items() if name != "Body"}
    return {
        "seq": sequence,
        "time": round(time.time(), 6),
        "service": call.service,
        "operation": call.operation,
        "region": call.region,
        "account": call.account,
        "protocol": call.protocol,
        "method": call.http.method,
        "path": call.http.path,
        "mutating": is_mutating(call),
        "params": masked(params),
        "token": next((params[name] for name in TOKEN_NAMES if params.get(name)), ""),
        "invocation": call.http.header("amz-sdk-invocation-id"),
        "attempt": call.http.header("amz-sdk-request"),
        "request_id": call.request_id,
        "bytes_in": len(call.http.body),
    }
