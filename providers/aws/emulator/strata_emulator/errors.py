"""Errors in the form of each AWS protocol."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape


class AwsError(Exception):
    """An error answer; `code` is what the service's API reference calls it."""

    def __init__(self, code: str, message: str = "", status: int = 400):
        super().__init__(message or code)
        self.code = code
        self.message = message or code
        self.status = status


class NotEmulated(AwsError):
    """Neither moto nor the mends have the operation. Never an HTML page, so clients can tell."""

    def __init__(self, what: str):
        super().__init__("NotEmulated", f"The emulator has no {what}.", 501)


def render(
    protocol: str, service: str, error: AwsError, request_id: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of `error` in `protocol`."""
    if protocol in ("json", "rest-json", "smithy-rpc-v2-cbor"):
        return _render_json(protocol, error)
    fault = "Receiver" if error.status >= 500 else "Sender"
    code, message = escape(error.code), escape(error.message)
    if protocol == "ec2":
        body = (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error>"
            f"</Errors><RequestID>{request_id}</RequestID></Response>"
        )
    elif service == "s3":
        body = (
            f"<Error><Code>{code}</Code><Message>{message}</Message>"
            f"<RequestId>{request_id}</RequestId></Error>"
        )
    else:
        body = (
            f"<ErrorResponse><Error><Type>{fault}</Type><Code>{code}</Code>"
            f"<Message>{message}</Message></Error><RequestId>{request_id}</RequestId>"
            "</ErrorResponse>"
        )
    headers = {"Content-Type": "application/xml" if service == "s3" else "text/xml"}
    return error.status, headers, b'<?xml version="1.0" encoding="UTF-8"?>\n' + body.encode()


def _render_json(protocol: str, error: AwsError) -> tuple[int, dict[str, str], bytes]:
    version = "application/json" if protocol == "rest-json" else "application/x-amz-json-1.1"
    body = json.dumps({"__type": error.code, "message": error.message}).encode()
    return error.status, {"Content-Type": version, "x-amzn-ErrorType": error.code}, body
