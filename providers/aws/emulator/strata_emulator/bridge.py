"""Hands a call to moto: straight to the service's handler, or through moto's own server app.

The straight way saves Flask's share of each call; the services of the table are those that
Strata's types use. Every other service takes the way moto_server takes.
"""

from __future__ import annotations

import re
import threading
import traceback
from functools import cache
from importlib import import_module
from typing import Any

from botocore.exceptions import ClientError
from moto.core import responses
from werkzeug.exceptions import HTTPException

from strata_emulator.call import Call, environ
from strata_emulator.errors import AwsError, NotEmulated
from strata_emulator.http1 import HttpRequest, HttpResponse

HANDLERS = {
    "cloudwatch": ("moto.cloudwatch.responses", "CloudWatchResponse"),
    "dynamodb": ("moto.dynamodb.responses", "DynamoHandler"),
    "ec2": ("moto.ec2.responses", "EC2Response"),
    "ecr": ("moto.ecr.responses", "ECRResponse"),
    "ecs": ("moto.ecs.responses", "EC2ContainerServiceResponse"),
    "glue": ("moto.glue.responses", "GlueResponse"),
    "iam": ("moto.iam.responses", "IamResponse"),
    "kms": ("moto.kms.responses", "KmsResponse"),
    "logs": ("moto.logs.responses", "LogsResponse"),
    "rds": ("moto.rds.responses", "RDSResponse"),
    "resourcegroupstaggingapi": (
        "moto.resourcegroupstaggingapi.responses",
        "ResourceGroupsTaggingAPIResponse",
    ),
    "s3": ("moto.s3.responses", "S3Response"),
    "secretsmanager": ("moto.secretsmanager.responses", "SecretsManagerResponse"),
    "sns": ("moto.sns.responses", "SNSResponse"),
    "sqs": ("moto.sqs.responses", "SQSResponse"),
    "ssm": ("moto.ssm.responses", "SimpleSystemManagerResponse"),
    "sts": ("moto.sts.responses", "TokenResponse"),
}
# Moto asks for the names of all methods of a class again in each call.
responses.method_names_from_class = cache(responses.method_names_from_class)
S3_BUCKET_PATH = re.compile(r"^/[^/]+/?$")


def call_moto(call: Call) -> HttpResponse:
    """Runs moto's handler. Raises NotEmulated where moto has none, AwsError where it crashes."""
    if call.service not in HANDLERS:
        return _checked(call, call_server_app(call.http, call.region, call.service))
    try:
        return _as_response(*_straight(call))
    except NotImplementedError:
        raise NotEmulated(f"operation {call.service}:{call.operation}") from None
    except HTTPException as error:
        return http_error(error)
    except ClientError as error:
        raise AwsError("ClientError", error.response["Error"]["Message"]) from None
    except AwsError:
        raise
    except Exception as error:
        traceback.print_exc()
        message = f"moto failed on {call.service}:{call.operation}: {error!r}"
        raise AwsError("InternalFailure", message, 500) from None


def _straight(call: Call) -> tuple[int, dict[str, Any], Any]:
    module, name = HANDLERS[call.service]
    handler = getattr(import_module(module), name)
    request = call.moto_request()
    arguments = (request, request.raw_url, dict(request.headers))
    if call.service != "s3":
        return handler.dispatch(*arguments)
    if call.http.path == "/":
        return handler.bucket_dispatch(*arguments)
    if S3_BUCKET_PATH.match(call.http.path):
        return handler.ambiguous_dispatch(*arguments)
    return handler.key_dispatch(*arguments)


def http_error(error: HTTPException) -> HttpResponse:
    """The answer that one of moto's older error classes stands for."""
    return _as_response(error.code or 500, dict(error.get_headers()), error.get_body())


def _as_response(status: int, headers: dict[str, Any], body: Any) -> HttpResponse:
    if isinstance(body, str):
        body = body.encode("utf-8")
    kept = {str(name): str(value) for name, value in headers.items() if name.lower() != "status"}
    return HttpResponse(int(status), kept, body or b"")


def _checked(call: Call, response: HttpResponse) -> HttpResponse:
    """Turns the HTML pages of moto's server app into errors a client can read."""
    kind = response.headers.get("Content-Type", "")
    if (
        response.status >= 400
        and kind.startswith("text/html")
        and b"<html" in response.body.lower()
    ):
        if response.status == 404 or b"NotImplementedError" in response.body:
            raise NotEmulated(f"operation {call.service}:{call.operation or call.http.path}")
        raise AwsError("InternalFailure", f"moto failed on {call.service}:{call.operation}", 500)
    return response


_app_lock = threading.Lock()
_app: Any = None


def _server_app() -> Any:
    global _app
    with _app_lock:
        if _app is None:
            from moto.moto_server import werkzeug_app

            _app = werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app)
        return _app


def call_server_app(http: HttpRequest, region: str = "", service: str = "") -> HttpResponse:
    """Runs moto's WSGI application; also serves `/moto-api/…`."""
    answer = HttpResponse(500)

    def start_response(status: str, headers: list[tuple[str, str]], _=None) -> None:
        answer.status = int(status.split(" ", 1)[0])
        answer.headers = {name: value for name, value in headers if name.lower() != "status"}

    try:
        answer.body = b"".join(_server_app()(environ(http, region, service), start_response))
    except NotImplementedError as error:
        raise NotEmulated(f"{service} operation ({error})") from None
    except Exception as error:
        traceback.print_exc()
        raise NotEmulated(f"service {service} ({error!r})") from None
    return answer
