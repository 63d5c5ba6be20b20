"""One API call: which service and operation it is, whose, where, and with which parameters."""

from __future__ import annotations

import io
import json
import re
import uuid
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

from botocore.serialize import create_serializer
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    Request,
    environ_key_for_header,
    should_preserve_original_header_name,
)
from moto.core.utils import get_service_model

from strata_emulator.http1 import HttpRequest

# Signing name (or endpoint prefix) -> name of the service in botocore, where they differ.
BOTOCORE_NAMES = {
    "monitoring": "cloudwatch",
    "tagging": "resourcegroupstaggingapi",
    "states": "stepfunctions",
    "elasticfilesystem": "efs",
    "aps": "amp",
    "es": "opensearch",
    "airflow": "mwaa",
    "eventbridge": "events",
    "execute-api": "apigatewaymanagementapi",
}
SCOPE = re.compile(r"Credential=([^/,\s]+)/[^/]+/([^/]+)/([^/]+)/aws4_request")
REGION_IN_AGENT = re.compile(r"region/([a-z]{2}-[a-z]+-\d)")
REGION_IN_HOST = re.compile(r"\.([^.]+)\.amazonaws\.com")
VIRTUAL_BUCKET = re.compile(r"^(?P<bucket>.+?)\.s3[.-]")
GLOBAL_SERVICES = {"iam", "s3", "sts", "cloudfront", "route53", "budgets", "organizations"}


class MotoRequest(Request):
    """A request for moto's handlers, which add no Date header of their own when this is set."""

    from_wsgi_server = True


@dataclass
class Call:
    """A request with what is known of it.

    `operation` is "" when the service model has no operation for the request; `service` is
    botocore's name. `facts` is what one mend leaves for a later one of the same call.
    """

    http: HttpRequest
    service: str
    region: str
    account: str
    protocol: str = ""
    operation: str = ""
    uri_params: dict[str, Any] = field(default_factory=dict)
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    facts: dict[str, Any] = field(default_factory=dict)
    _params: dict[str, Any] | None = None

    @cached_property
    def model(self) -> OperationModel | None:
        """botocore's model of the operation, or None where it is not known."""
        if not self.operation:
            return None
        return get_service_model(self.service).operation_model(self.operation)

    @property
    def params(self) -> dict[str, Any]:
        """The parameters by the names of the API reference; {} where they cannot be read.

        A changed dictionary reaches moto only through `rewrite`.
        """
        if self._params is None:
            self._params = self._parse()
        return self._params

    def _parse(self) -> dict[str, Any]:
        if self.model is None:
            return {}
        if self.protocol == "json":
            return json.loads(self.http.body or b"{}")
        parser = PROTOCOL_PARSERS.get(self.protocol)
        if parser is None:
            return {}
        request = self.moto_request()
        try:
            return parser(self.model).parse(
                {
                    "method": request.method,
                    "values": request.values,
                    "headers": request.headers,
                    "body": request.data,
                    "url_path": request.path,
                    "url_params": self.uri_params,
                }
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return {}

    def rewrite(self) -> None:
        """Makes the request carry `params` as they are now (query, ec2 and json protocols)."""
        if self.protocol == "json":
            self.http.body = json.dumps(self.params).encode()
            return
        made = create_serializer(self.protocol).serialize_to_request(self.params, self.model)
        self.http.body = urlencode(made["body"]).encode()

    def moto_request(self) -> MotoRequest:
        """The request as moto's handlers take it; new for each use, because reading spends it."""
        return MotoRequest(environ(self.http, self.region, self.service))

    @property
    def backend(self) -> Any:
        """moto's backend for this call's account and region."""
        return backend(self.service, self.account, self.region)


def backend(service: str, account: str, region: str) -> Any:
    """moto's backend of `service`; services that are global have one for each partition."""
    from moto.backends import get_backend

    place = partition(region) if service in GLOBAL_SERVICES else region
    return get_backend(service)[account][place]


def partition(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def environ(http: HttpRequest, region: str, service: str) -> dict[str, Any]:
    """A WSGI environment (PEP 3333), with the raw path and the metadata names moto looks for."""
    result: dict[str, Any] = {
        "REQUEST_METHOD": http.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(http.path).decode("latin-1"),
        "RAW_URI": http.path + (f"?{http.query}" if http.query else ""),
        "QUERY_STRING": http.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": http.scheme,
        "wsgi.input": io.BytesIO(http.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(http.body)),
    }
    kept: dict[str, str] = {}
    for name, value in http.headers:
        lowered = name.lower()
        if lowered in ("transfer-encoding", "content-length"):
            continue
        key = environ_key_for_header(name)
        if should_preserve_original_header_name(name):
            kept[key] = name
        result[key] = f"{result[key]},{value}" if key in result else value
    result[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = kept
    if "HTTP_AUTHORIZATION" not in result and http.query_items.get("X-Amz-Credential"):
        _add_presigned_scope(result, http, service)
    return result


def _add_presigned_scope(result: dict[str, Any], http: HttpRequest, service: str) -> None:
    """Moto routes presigned calls of any service but S3 to S3; a header tells it the right one."""
    if service != "s3":
        credential = http.query_items["X-Amz-Credential"]
        result["HTTP_AUTHORIZATION"] = f"AWS4-HMAC-SHA256 Credential={credential}, Signature=x"


@cache
def botocore_name(signing_name: str) -> str:
    return BOTOCORE_NAMES.get(signing_name, signing_name)
