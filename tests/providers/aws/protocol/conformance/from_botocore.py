#!/usr/bin/env python3
"""Compares Strata's wire layer with botocore's over every operation of the trimmed models.

Makes up arguments and answers by the models' shapes, lets botocore write the requests and read the answers (which
moto writes), and hands all that to `aws_conformance` as a folder of protocol cases.

    from_botocore.py RUNNER [SEED]      exit code of RUNNER; 77 when botocore or moto is not there
"""

import json
import random
import subprocess
import sys
import tempfile
import urllib.parse
from datetime import datetime
from pathlib import Path

MODELS = Path(__file__).resolve().parents[5] / "providers" / "aws" / "models"
SKIPPED = 77

TEXT = "abcXYZ019 -_.~/+%&=<>\"'é漢?#:@!$()*,;"
HEADER_TEXT = "abcXYZ019-_.=:/"
TOKEN = "00000000-0000-4000-8000-000000000000"
DEEPEST = 5

# Not computed by Strata, or answered by S3 in a form that moto does not write.
CHECKSUMS = ("CRC32", "SHA256")
NOT_ANSWERED = ("GetBucketLocation",)


def text(characters, least):
    """Some text; `least` is 1 where an empty one would name another thing."""
    return "".join(random.choice(characters) for _ in range(random.randint(least, 9)))


def scalar(shape, location):
    """A made-up value of a shape without parts."""
    kind = shape.type_name
    if kind in ("integer", "long"):
        return random.choice((0, 1, -5, 42, 2**31 - 1))
    if kind in ("float", "double"):
        return random.choice((0.5, 1.25, -3.75, 1e10, 100.0))
    if kind == "boolean":
        return random.random() < 0.5
    if kind == "timestamp":
        return random.choice((0, 1422172800, 1700000000))
    if kind == "blob":
        return text(HEADER_TEXT, 0)
    if shape.name == "ChecksumAlgorithm":
        return random.choice(CHECKSUMS)
    if shape.metadata.get("enum"):
        return random.choice(shape.metadata["enum"])
    in_header = location in ("header", "headers")
    return text(HEADER_TEXT if in_header else TEXT, 1 if location else 0)


def structure(shape, depth, density):
    """Required members, and of the others about `density`; of a union one."""
    names = list(shape.members)
    if shape.is_tagged_union:
        chosen = [random.choice(names)]
    else:
        chosen = [n for n in names if n in shape.required_members or (depth < DEEPEST and random.random() < density)]
    return {n: made_up(shape.members[n], depth + 1, density) for n in chosen}


def made_up(shape, depth=0, density=0.5, location=None):
    """A value that fits the shape."""
    location = shape.serialization.get("location", location)
    if shape.type_name == "structure":
        return structure(shape, depth, density)
    count = random.randint(1, 2) if depth < DEEPEST else 1
    if shape.type_name == "list":
        return [made_up(shape.member, depth + 1, density, location) for _ in range(count)]
    if shape.type_name == "map":
        # Ascending, because Strata's maps are.
        keys = sorted({made_up_key(shape.key) for _ in range(count)})
        return {key: made_up(shape.value, depth + 1, density, location) for key in keys}
    return scalar(shape, location)


def made_up_key(shape):
    """A key that may stand in a header's name too."""
    return random.choice(shape.metadata.get("enum") or ["alpha", "beta", "gamma9", "x-y"])


def quoted(value):
    """Percent-encoded as AWS signs it."""
    return urllib.parse.quote(str(value), safe="-._~")


def pairs(parameters):
    """A query string; a list stands for a repeated name."""
    listed = ((k, v if isinstance(v, list) else [v]) for k, v in parameters.items())
    return "&".join(f"{quoted(k)}={quoted(item)}" for k, items in listed for item in items)


def request(serializer, operation, params):
    """What botocore would send, as a case's `serialized`."""
    sent = serializer.serialize_to_request(params, operation)
    headers, body = dict(sent.get("headers") or {}), sent["body"]
    if isinstance(body, dict):
        body = pairs(body)
        headers.pop("Content-Type", None)  # botocore adds a charset
    elif isinstance(body, bytes):
        body = body.decode()
    uri = sent["url_path"]
    if sent.get("query_string"):
        uri += ("&" if "?" in uri else "?") + pairs(sent["query_string"])
    return {"method": sent["method"], "uri": uri, "headers": {k: str(v) for k, v in headers.items()}, "body": body}


def plain(value):
    """A parsed answer as the cases write it: times as seconds, bytes as text."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "ResponseMetadata"}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value


def input_case(serializer, operation, given):
    """Made-up arguments and the request that they become."""
    shape = operation.input_shape
    params = made_up(shape, density=random.choice((0.2, 0.5, 0.8))) if shape else {}
    for name, member in shape.members.items() if shape else ():
        if member.metadata.get("idempotencyToken"):
            params[name] = TOKEN
    return {"id": operation.name, "given": given, "params": params, "serialized": request(serializer, operation, params)}


def output_case(writer, parser, operation, given):
    """A made-up answer and what botocore reads in it."""
    from botocore.awsrequest import HeadersDict

    shape = operation.output_shape
    sent = writer.serialize(made_up(shape, density=random.choice((0.2, 0.5, 0.9))))
    headers = {k: str(v) for k, v in sent["headers"].items()}
    body = sent["body"] or ""
    body = body if isinstance(body, bytes) else body.encode()
    read = parser.parse({"status_code": 200, "headers": HeadersDict(headers), "body": body}, shape)
    response = {"status_code": 200, "headers": headers, "body": body.decode()}
    return {"id": operation.name, "given": given, "result": plain(read), "response": response}


def cases_of(service, trimmed, loader):
    """The input and the output cases of a service."""
    import botocore.model
    import botocore.parsers
    import botocore.serialize
    import moto.core.model
    import moto.core.serialize as answers

    protocol = trimmed["metadata"]["protocol"]
    whole = loader.load_service_model(service, "service-2")
    whole["metadata"]["protocol"] = protocol
    model, answering = botocore.model.ServiceModel(whole, service), moto.core.model.ServiceModel(whole, service)
    serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
    parser = botocore.parsers.create_parser(protocol)
    writers = {
        "ec2": answers.EC2Serializer,
        "query": answers.QuerySerializer,
        "json": answers.JSONSerializer,
        "rest-xml": answers.RestXMLSerializer,
    }
    inputs, outputs = [], []
    for name, given in trimmed["operations"].items():
        operation = model.operation_model(name)
        inputs.append(input_case(serializer, operation, given))
        if operation.output_shape and name not in NOT_ANSWERED:
            writer = writers[protocol](answering.operation_model(name))
            try:
                outputs.append(output_case(writer, parser, operation, given))
            except AttributeError:  # moto writes no payload that is None
                continue
    return inputs, outputs


def write_folder(folder, loader):
    """One file a service in `input` and `output`."""
    for path in sorted(MODELS.glob("*.json")):
        trimmed = json.loads(path.read_text())
        for kind, cases in zip(("input", "output"), cases_of(path.stem, trimmed, loader), strict=True):
            suite = {"description": path.stem, "metadata": trimmed["metadata"], "shapes": trimmed["shapes"], "cases": cases}
            target = folder / kind / path.name
            target.parent.mkdir(exist_ok=True)
            target.write_text(json.dumps([suite]))


def main():
    """Makes the folder and runs the runner over it."""
    try:
        import botocore.loaders
        import moto.core.serialize  # noqa: F401
    except ImportError:
        print("skipped: botocore and moto are not installed here (`make setup` installs them)")
        return SKIPPED
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    random.seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        write_folder(Path(folder), botocore.loaders.Loader())
        return subprocess.run([sys.argv[1], folder], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
