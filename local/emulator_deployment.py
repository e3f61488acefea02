"""Deploys the built template to the emulator with CloudFormation, as `sam deploy` does to AWS."""

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
from local.terminal_output import CommandError, timed_step

_STACK_NAME = "chairlink-local"
_BUCKET = "chairlink-local-artifacts"
_DIGEST_TAG = "chairlink:build"
_ZIP_TIMESTAMP = (1980, 1, 1, 0, 0, 0)
"""The same for every file, so that equal code gives equal archives."""
_WAITER_CONFIG = {"Delay": 0.2, "MaxAttempts": 600}
"""Checks every 0.2 s, for at most 2 minutes."""


@dataclass(frozen=True)
class Deployment:
    """The outputs of the deployed stack, such as `deployment["ApiId"]`."""

    outputs: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.outputs[name]


def deploy(emulator: Emulator, build: Build) -> Deployment:
    """Create or update the stack, unless it was deployed from the same build before.

    Raises CommandError if the deployment fails.
    """
    cloudformation = emulator.client("cloudformation")
    stack = _describe(cloudformation)
    if stack is None or {"Key": _DIGEST_TAG, "Value": build.digest} not in stack.get("Tags", []):
        with timed_step("Deploying to the emulator with CloudFormation"):
            template_url = _upload(emulator, build)
            _create_or_update(cloudformation, "create" if stack is None else "update", template_url, build)
            stack = _describe(cloudformation) or {}
            _set_gateway_responses(emulator, build, _outputs(stack)["ApiId"])
    return Deployment(_outputs(stack))


def _outputs(stack: dict[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _set_gateway_responses(emulator: Emulator, build: Build, api_id: str) -> None:
    """Set the API's gateway responses: SAM puts them into the OpenAPI document, where the emulator ignores them."""
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
        stack: dict[str, Any] = cloudformation.describe_stacks(StackName=_STACK_NAME)["Stacks"][0]
    except ClientError:
        return None
    return stack


def _create_or_update(cloudformation: Any, verb: str, template_url: str, build: Build) -> None:
    parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in build.parameters.items()]
    call = cloudformation.create_stack if verb == "create" else cloudformation.update_stack
    call(
        StackName=_STACK_NAME,
        TemplateURL=template_url,
        Parameters=parameters,
        Tags=[{"Key": _DIGEST_TAG, "Value": build.digest}],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    try:
        cloudformation.get_waiter(f"stack_{verb}_complete").wait(StackName=_STACK_NAME, WaiterConfig=_WAITER_CONFIG)
    except WaiterError:
        raise CommandError(f"the deployment failed: {_first_failure(cloudformation)}") from None


def _first_failure(cloudformation: Any) -> str:
    events = cloudformation.describe_stack_events(StackName=_STACK_NAME)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return "CloudFormation gave no reason"
    first = min(failed, key=lambda event: event["Timestamp"])
    return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', 'no reason given')}"


def _upload(emulator: Emulator, build: Build) -> str:
    """Upload code and template to the emulator's S3. Returns the URL of the template."""
    s3 = emulator.client("s3")
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    template = build.template
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            properties["CodeUri"] = _put(s3, _zip_function(build.folder / properties["CodeUri"]), "zip")
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = _put(
                s3, _zip_layer_link(build.folder / properties["ContentUri"] / "python", build), "zip"
            )
    location = _put(s3, json.dumps(template).encode(), "json")
    return f"{emulator.url}/{location['Bucket']}/{location['Key']}"


def _put(s3: Any, body: bytes, kind: str) -> dict[str, str]:
    """Store an object under the hash of its content, so that CloudFormation sees a change only where there is one."""
    location = {"Bucket": _BUCKET, "Key": f"{hashlib.sha256(body).hexdigest()}.{kind}"}
    s3.put_object(**location, Body=body)
    return location


def _zip_function(folder: Path) -> bytes:
    """A function's code as a ZIP archive. Equal code gives equal bytes, so an update changes only what has changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.writestr(zipfile.ZipInfo(str(path.relative_to(folder)), _ZIP_TIMESTAMP), path.read_bytes())
    return buffer.getvalue()


def _zip_layer_link(python: Path, build: Build) -> bytes:
    """A layer archive that refers to the built layer instead of containing it.

    AWS unpacks a layer once per machine. The emulator unpacks it for each worker process of each function, which would
    cost seconds and 60 MB per worker. A `.pth` file puts the built layer first on `sys.path`, as Lambda does.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        line = f"import sys; sys.path.insert(0, {str(python)!r})\n# build {build.digest}\n"
        archive.writestr(zipfile.ZipInfo("python/lib/python3/site-packages/chairlink.pth", _ZIP_TIMESTAMP), line)
    return buffer.getvalue()


def physical_name(cloudformation: Any, logical_id: str) -> str:
    """The physical name of a deployed resource, by its logical id in the template."""
    description = cloudformation.describe_stack_resource(StackName=_STACK_NAME, LogicalResourceId=logical_id)
    name: str = description["StackResourceDetail"]["PhysicalResourceId"]
    return name
