"""Finds out which call a request is, from its credential scope, target header, form or path."""

from __future__ import annotations

import json
import os
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from moto.iam import models
from werkzeug.exceptions import HTTPException

from strata_emulator.call import (
    REGION_IN_AGENT,
    REGION_IN_HOST,
    SCOPE,
    VIRTUAL_BUCKET,
    Call,
    botocore_name,
)
from strata_emulator.http1 import HttpRequest

FORM = "application/x-www-form-urlencoded"
UNSIGNED_STS = {"AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"}
DEFAULT_REGION = "us-east-1"


def identify(http: HttpRequest) -> Call:
    """The call that `http` makes. What is unsigned and claimed by nothing else is S3's."""
    key, region, signing_name = _scope(http)
    form = _form(http)
    service = _service(http, signing_name, form)
    if service == "s3":
        _to_path_style(http)
    call = Call(http, service, _region(http, region), _account(http, key))
    call.protocol = _protocol(http, service, form)
    call.operation = _operation(call, form)
    return call


def _scope(http: HttpRequest) -> tuple[str, str, str]:
    """Access key, region and signing name of a SigV4 request, '' where it has none."""
    found = SCOPE.search(http.header("authorization"))
    if found:
        return found.group(1), found.group(2), found.group(3).lower()
    parts = http.query_items.get("X-Amz-Credential", "").split("/")
    return (parts[0], parts[2], parts[3]) if len(parts) == 5 else ("", "", "")


def _form(http: HttpRequest) -> dict[str, list[str]]:
    if http.header("content-type").startswith(FORM) and http.body:
        head = http.body[:4096].decode("utf-8", "replace")
        return parse_qs(head, keep_blank_values=True)
    if "Action" in http.query_items:
        return {name: [value] for name, value in http.query_items.items()}
    return {}


def _service(http: HttpRequest, signing_name: str, form: dict[str, list[str]]) -> str:
    if signing_name == "elasticloadbalancing":
        return "elb" if form.get("Version") == ["2012-06-01"] else "elbv2"
    if signing_name == "dynamodb" and http.header("x-amz-target").startswith("DynamoDBStreams"):
        return "dynamodbstreams"
    if signing_name:
        return botocore_name(signing_name)
    if form.get("Action", [""])[0] in UNSIGNED_STS:
        return "sts"
    if http.header("x-amz-target").startswith("AWSCognitoIdentity"):
        provider = "ProviderService" in http.header("x-amz-target")
        return "cognito-idp" if provider else "cognito-identity"
    return "s3"


def _region(http: HttpRequest, scope_region: str) -> str:
    """Moto's order: an amazonaws.com host, the user agent, the scope."""
    host = REGION_IN_HOST.search(http.header("host"))
    if host and not VIRTUAL_BUCKET.match(http.header("host")) and host.group(1) != "s3":
        return host.group(1)
    agent = REGION_IN_AGENT.search(http.header("user-agent"))
    return (agent.group(1) if agent else scope_region) or DEFAULT_REGION


def _account(http: HttpRequest, access_key: str) -> str:
    """Moto's order: environment, header, the account that issued the access key."""
    fixed = os.environ.get("MOTO_ACCOUNT_ID") or http.header("x-moto-account-id")
    return fixed or _issuer(access_key)


def _issuer(access_key: str) -> str:
    """The account with that access key, else the default one.

    Stands in for moto's own look-up too, which makes the IAM of every partition for every account
    that it looks at: most of a minute with a hundred accounts.
    """
    for account, places in list(models.iam_backends.items()):
        if any(access_key in backend.access_keys for backend in list(places.values())):
            return account
    return DEFAULT_ACCOUNT_ID


def _to_path_style(http: HttpRequest) -> None:
    """`bucket.s3.host/key` becomes `/bucket/key`: moto takes other dotted hosts for buckets too."""
    found = VIRTUAL_BUCKET.match(http.header("host"))
    if not found:
        return
    http.target = f"/{found.group('bucket')}{http.target}"
    http.__dict__.pop("path", None)


def _protocol(http: HttpRequest, service: str, form: dict[str, list[str]]) -> str:
    if service == "s3":
        return "rest-xml"
    try:
        metadata = get_service_model(service).metadata
    except UnknownServiceError:
        return "json"
    known = metadata.get("protocols", [metadata["protocol"]])
    if http.header("x-amz-target") and "json" in known:
        return "json"
    if "Action" in form:
        return "ec2" if "ec2" in known else "query"
    return metadata["protocol"]


def _operation(call: Call, form: dict[str, list[str]]) -> str:
    """The operation's name in the service model, or '' where it has none such."""
    try:
        names = get_service_model(call.service).operation_names
    except UnknownServiceError:
        return ""
    if call.protocol in ("ec2", "query"):
        name = form.get("Action", [""])[0]
    elif call.protocol == "json":
        name = call.http.header("x-amz-target").rsplit(".", 1)[-1]
        _check_json(call)
    else:
        return _routed(call)
    return name if name in names else ""


def _check_json(call: Call) -> None:
    """Reads the parameters; a body that is no JSON object is noted, and refused later."""
    try:
        found = json.loads(call.http.body or b"{}")
    except ValueError:
        found = None
    call.facts["malformed"] = not isinstance(found, dict)
    call._params = found if isinstance(found, dict) else {}


def _routed(call: Call) -> str:
    """Matches a REST call by method and path against the service model."""
    try:
        model, call.uri_params = get_service_router(call.service).match(call.moto_request())
    except (HTTPException, NotImplementedError):
        return ""
    return model.name


models.get_account_id_from = _issuer
