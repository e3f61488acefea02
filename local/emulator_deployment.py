"""Deploys the built template into the emulator with CloudFormation, as `sam deploy` does into AWS."""

import hashlib
import io
import json
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from local.aws_emulator import Emulator
from local.sam_build import Build
from local.terminal_output import CannotGoOn, step

_STACK = "chairlink-local"
_BUCKET = "chairlink-local-artifacts"
_DIGEST = "chairlink:build"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_POLLING = {"Delay": 0.2, "MaxAttempts": 600}


@dataclass(frozen=True)
class Deployment:
    """The stack's outputs: what the rest of the local stack must know of it."""

    outputs: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.outputs[name]


def deploy(emulator: Emulator, build: Build) -> Deployment:
    """Bring the emulator's stack to this build; nothing happens if it is there already."""
    cloudformation = emulator.client("cloudformation")
    stack = _describe(cloudformation)
    if stack is None or {"Key": _DIGEST, "Value": build.digest} not in stack.get("Tags", []):
        with step("Deploying it into the emulator with CloudFormation"):
            template_url = _upload(emulator, build)
            _bring(cloudformation, "create" if stack is None else "update", template_url, build)
            stack = _describe(cloudformation) or {}
            _set_gateway_responses(emulator, build, _outputs(stack)["ApiId"])
    return Deployment(_outputs(stack))


def _outputs(stack: dict[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _set_gateway_responses(emulator: Emulator, build: Build, api_id: str) -> None:
    """Set the template's own answers: SAM writes them into the OpenAPI document, where the emulator overlooks them."""
    gateway = emulator.client("apigateway")
    resources = build.template["Resources"].values()
    api = next(each for each in resources if each["Type"] == "AWS::Serverless::Api")["Properties"]
    for kind, response in api.get("GatewayResponses", {}).items():
        headers = response.get("ResponseParameters", {}).get("Headers", {})
        gateway.put_gateway_response(
            restApiId=api_id,
            responseType=kind,
            statusCode=str(response["StatusCode"]),
            responseTemplates=response["ResponseTemplates"],
            responseParameters={f"gatewayresponse.header.{name}": value for name, value in headers.items()},
        )
    gateway.create_deployment(restApiId=api_id, stageName=api["StageName"])


def _describe(cloudformation: Any) -> dict[str, Any] | None:
    try:
        stack: dict[str, Any] = cloudformation.describe_stacks(StackName=_STACK)["Stacks"][0]
    except ClientError:
        return None
    return stack


def _bring(cloudformation: Any, verb: str, template_url: str, build: Build) -> None:
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in build.parameters.items()]
    change = cloudformation.create_stack if verb == "create" else cloudformation.update_stack
    change(
        StackName=_STACK,
        TemplateURL=template_url,
        Parameters=given,
        Tags=[{"Key": _DIGEST, "Value": build.digest}],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    try:
        cloudformation.get_waiter(f"stack_{verb}_complete").wait(StackName=_STACK, WaiterConfig=_POLLING)
    except WaiterError:
        raise CannotGoOn(f"the deployment failed: {_first_failure(cloudformation)}") from None


def _first_failure(cloudformation: Any) -> str:
    events = cloudformation.describe_stack_events(StackName=_STACK)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return "CloudFormation does not say why"
    first = min(failed, key=lambda event: event["Timestamp"])
    return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', 'no reason given')}"


def _upload(emulator: Emulator, build: Build) -> str:
    """Put code and template into the emulator's S3 and answer the template's address."""
    s3 = emulator.client("s3")
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    template = build.template
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            properties["CodeUri"] = _put(s3, _packed(build.folder / properties["CodeUri"]), "zip")
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = _put(
                s3, _pointer(build.folder / properties["ContentUri"] / "python", build), "zip"
            )
    place = _put(s3, json.dumps(template).encode(), "json")
    return f"{emulator.url}/{place['Bucket']}/{place['Key']}"


def _put(s3: Any, body: bytes, kind: str) -> dict[str, str]:
    """Named after its content, so that CloudFormation sees a change where there is one, and only there."""
    place = {"Bucket": _BUCKET, "Key": f"{hashlib.sha256(body).hexdigest()}.{kind}"}
    s3.put_object(**place, Body=body)
    return place


def _packed(folder: Path) -> bytes:
    """A function's code. Equal code gives equal bytes, so that an update touches only functions that changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                package.writestr(zipfile.ZipInfo(str(path.relative_to(folder)), _EPOCH), path.read_bytes())
    return buffer.getvalue()


def _pointer(python: Path, build: Build) -> bytes:
    """A layer that leads to the built layer instead of holding it.

    AWS unpacks a layer once a machine; the emulator unpacks it for every worker process of every function, which would
    cost seconds and 60 MB a worker. A `.pth` line puts the built layer first on the path, where a layer belongs.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        line = f"import sys; sys.path.insert(0, {str(python)!r})\n# build {build.digest}\n"
        package.writestr(zipfile.ZipInfo("python/lib/python3/site-packages/chairlink.pth", _EPOCH), line)
    return buffer.getvalue()


def physical_name(cloudformation: Any, logical_id: str) -> str:
    """What CloudFormation called that resource of the template."""
    found = cloudformation.describe_stack_resource(StackName=_STACK, LogicalResourceId=logical_id)
    name: str = found["StackResourceDetail"]["PhysicalResourceId"]
    return name
