"""Checks requests against AWS's own service models as botocore carries them.

Reads lines {"service", "operation", "body"} from standard input (body: JSON text, or a form for STS), prints one line for each problem, and
exits with 1 when there is one.
"""
import json
import sys
import urllib.parse

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

loader = Loader()
models = {}


def model(service):
    if service not in models:
        models[service] = ServiceModel(loader.load_service_model(service, "service-2"), service)
    return models[service]


def enums(shape, value, path):
    """botocore's validator leaves enums and patterns to the service; enums are checked here."""
    if shape.type_name == "structure":
        for name, item in value.items():
            if name in shape.members:
                yield from enums(shape.members[name], item, f"{path}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from enums(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{path}: {value} is none of {shape.enum}"


def form(operation, body):
    values = dict(urllib.parse.parse_qsl(body, strict_parsing=True))
    problems = []
    if values.pop("Action") != operation.name:
        problems.append("the form's Action is another")
    if values.pop("Version") != operation.service_model.api_version:
        problems.append("the form's Version is another")
    members = operation.input_shape.members if operation.input_shape else {}
    for name in values:
        if name in members and members[name].type_name == "integer":
            values[name] = int(values[name])
    return values, problems


checked, problems = 0, []
for line in sys.stdin:
    request = json.loads(line)
    service = model(request["service"])
    operation = service.operation_model(request["operation"])
    if request["service"] == "sts":
        body, found = form(operation, request["body"])
    else:
        body, found = json.loads(request["body"]), []
        expected = "/" if request["service"] == "glue" else operation.http["requestUri"]
        if request["path"] != expected:
            found.append(f"path {request['path']} is not {expected}")
    if operation.input_shape is not None:
        report = ParamValidator().validate(body, operation.input_shape)
        if report.has_errors():
            found.append(report.generate_report())
        # ParamValidator tells unknown members only of some versions; this one is ours.
        found += [f"unknown member {name}" for name in body if name not in operation.input_shape.members]
        found += list(enums(operation.input_shape, body, "$"))
    problems += [f"{request['service']}:{request['operation']}: {p}: {request['body']}" for p in found]
    checked += 1

print("\n".join(problems))
print(f"checked {checked}")
sys.exit(1 if problems or checked == 0 else 0)
