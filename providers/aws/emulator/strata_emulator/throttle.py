"""Token buckets per account, region and API group, and each protocol's throttling error."""

from __future__ import annotations

import threading
import time

from strata_emulator.call import GLOBAL_SERVICES, Call
from strata_emulator.errors import AwsError
from strata_emulator.limits import Limit, limit_of

MESSAGE = "Rate exceeded"


def throttling_error(call: Call) -> AwsError:
    """The error that the service answers when it is asked too often."""
    if call.service == "s3":
        return AwsError("SlowDown", "Please reduce your request rate.", 503)
    if call.protocol == "ec2":
        return AwsError("RequestLimitExceeded", "Request limit exceeded.", 503)
    if call.protocol == "query":
        return AwsError("Throttling", MESSAGE, 400)
    if call.service in ("lambda", "apigateway", "apigatewayv2"):
        return AwsError("TooManyRequestsException", MESSAGE, 429)
    return AwsError("ThrottlingException", MESSAGE, 400)


class Throttle:
    """`check` raises when the call's bucket is empty, else takes a token out of it."""

    def __init__(self, clock=time.monotonic):
        self._buckets: dict[tuple[str, str, str, str], tuple[float, float]] = {}
        self._lock = threading.Lock()
        self._clock = clock

    def check(self, call: Call) -> None:
        limit = limit_of(call.service, call.operation)
        if limit is None:
            return
        region = "" if call.service in GLOBAL_SERVICES else call.region
        key = (call.account, region, call.service, limit.group or call.operation)
        if not self._take(key, limit):
            raise throttling_error(call)

    def _take(self, key: tuple[str, str, str, str], limit: Limit) -> bool:
        with self._lock:
            now = self._clock()
            tokens, at = self._buckets.get(key, (limit.size, now))
            tokens = min(limit.size, tokens + (now - at) * limit.refill)
            enough = tokens >= 1
            self._buckets[key] = (tokens - 1 if enough else tokens, now)
            return enough

    def reset(self) -> None:
        with self._lock:
            self._buckets.clear()
