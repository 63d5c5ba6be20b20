"""ECR."""

from __future__ import annotations

import time
from typing import Any

from strata_emulator.call import Call
from strata_emulator.mends import after

TOKEN_SECONDS = 12 * 3600


@after("ecr", "GetAuthorizationToken")
def date_tokens(_: Call, result: dict[str, Any]) -> None:
    """Moto's tokens expired in 2015."""
    for token in result.get("authorizationData") or []:
        token["expiresAt"] = time.time() + TOKEN_SECONDS
