"""Decodes moto's answers into dictionaries and encodes dictionaries into answers.

Names in the dictionaries are the member names of the API reference. JSON answers are read as
they are; XML answers by botocore's parser and written by moto's serializer, both from the model.
"""

from __future__ import annotations

import json
import re
from functools import cache
from types import SimpleNamespace
from typing import Any

from botocore.parsers import ResponseParserFactory
from moto.core import serialize
from moto.core.serialize import (
    SerializationContext,
    XFormedAttributePicker,
    get_serializer_class,
)
from moto.core.utils import get_service_model

from strata_emulator.call import Call
from strata_emulator.http1 import HttpResponse
from strata_emulator.xml_writer import unparse

XML_PROTOCOLS = ("ec2", "query", "rest-xml")
XML_CODE = re.compile(rb"<Code>([^<]*)</Code>")
XML_MESSAGE = re.compile(rb"<Message>([^<]*)</Message>", re.DOTALL)

serialize.xmltodict = SimpleNamespace(unparse=unparse)


@cache
def _parser(protocol: str) -> Any:
    factory = ResponseParserFactory()
    factory.set_parser_defaults(timestamp_parser=lambda value: value)
    return factory.create_parser(protocol)


def decode(call: Call, response: HttpResponse) -> dict[str, Any]:
    """The answer's members; timestamps stay text or numbers."""
    if call.protocol not in XML_PROTOCOLS:
        return json.loads(response.body or b"{}")
    result = _parser(call.protocol).parse(
        {
            "body": response.body,
            "headers": {name.lower(): value for name, value in response.headers.items()},
            "status_code": response.status,
        },
        call.model.output_shape,
    )
    result.pop("ResponseMetadata", None)
    return result


def encode(call: Call, result: dict[str, Any], into: HttpResponse | None = None) -> HttpResponse:
    """An answer that carries `result`; keeps the status and headers of `into`."""
    response = into or HttpResponse()
    if call.protocol not in XML_PROTOCOLS:
        response.body = json.dumps(result).encode()
        response.headers.setdefault("Content-Type", _json_type(call))
        return response
    serializer = get_serializer_class(call.service, call.protocol)(
        operation_model=call.model, context=SerializationContext(call.request_id)
    )
    # The result is plain dictionaries: no need for moto's search through attributes and aliases.
    serializer.get_value = lambda value, key, shape: value.get(key)
    made = serializer.serialize(result)
    body = made["body"]
    response.body = body.encode("utf-8") if isinstance(body, str) else body
    if into is None:
        response.status = made["status_code"]
    spelled = {name.lower(): name for name in response.headers}
    for name, value in made["headers"].items():
        response.headers[spelled.get(name.lower(), name)] = str(value)
    return response


def render_value(service: str, shape: str, value: Any) -> dict[str, Any]:
    """An object of moto's as the members of `shape` (json protocols only)."""
    model = get_service_model(service)
    operation = model.operation_model(model.operation_names[0])
    serializer = get_serializer_class(service, "json")(
        operation_model=operation, value_picker=XFormedAttributePicker()
    )
    made: dict[str, Any] = {}
    serializer._serialize(made, value, model.shape_for(shape), "")
    return json.loads(json.dumps(made))


def encode_exception(call: Call, error: Exception) -> HttpResponse:
    """The answer for an error of moto's that a mend met when it asked a backend."""
    serializer = get_serializer_class(call.service, call.protocol)(
        operation_model=call.model, context=SerializationContext(call.request_id)
    )
    made = serializer.serialize(error)
    headers = {name: str(value) for name, value in made["headers"].items()}
    return HttpResponse(made["status_code"], headers, made["body"].encode("utf-8"))


def _json_type(call: Call) -> str:
    if call.protocol == "rest-json":
        return "application/json"
    return f"application/x-amz-json-{call.model.service_model.metadata.get('jsonVersion', '1.1')}"


def error_code(call: Call, response: HttpResponse) -> str:
    """The code of an error answer, '' where it names none."""
    if call.protocol in XML_PROTOCOLS:
        found = XML_CODE.search(response.body)
        return found.group(1).decode() if found else ""
    try:
        body = json.loads(response.body or b"{}")
    except ValueError:
        return ""
    code = body.get("__type") or body.get("code") or ""
    return str(code).split("#")[-1].split(":")[0]
