"""`python -m deploy.upload_pages STAGE` uploads web/ and the OpenAPI document to the S3 bucket of a deployed stage."""

import json
import mimetypes
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3

from deploy.page_response_headers import API_DOCUMENT, FOLDERS
from deploy.repository_paths import ROOT, WEB

SIGN_IN_CONFIG = "console/sign-in.json"
"""Tells the console how staff sign in. The file in web/ is for the local stack, so the upload replaces its content."""


def main(arguments: list[str]) -> int:
    """Upload the pages of the stage that the arguments name. Returns the exit code: 0, or 2 for wrong arguments."""
    match arguments:
        case ["staging" | "production" as stage]:
            outputs = stack_outputs(boto3.client("cloudformation"), f"chairlink-{stage}")
            upload_pages(boto3.client("s3"), outputs)
            paths = ("/console/", "/book/PRACTICE_ID", "/docs/")
            sys.stdout.write(f"The pages are at {', '.join(outputs['SiteUrl'] + path for path in paths)}\n")
            return 0
        case _:
            sys.stderr.write("usage: python -m deploy.upload_pages staging | production\n")
            return 2


def stack_outputs(cloudformation: Any, stack_name: str) -> Mapping[str, str]:
    """The outputs of a deployed CloudFormation stack, by key."""
    (stack,) = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def upload_pages(s3: Any, outputs: Mapping[str, str]) -> None:
    """Upload every file of the pages. HTML goes last, so that no browser loads a page before its modules are there."""
    sign_in = {"kind": "hosted", "domain": outputs["SignInUrl"], "client_id": outputs["UserPoolClientId"]}
    for path in sorted(_page_files(), key=lambda path: (path.suffix == ".html", path)):
        key = str(path.relative_to(ROOT if path == API_DOCUMENT else WEB))
        body = json.dumps(sign_in).encode() if key == SIGN_IN_CONFIG else path.read_bytes()
        content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        # With "no-cache" a browser revalidates each file, so a page and its modules always come from one release.
        s3.put_object(
            Bucket=outputs["PagesBucket"], Key=key, Body=body, ContentType=content_type, CacheControl="no-cache"
        )


def _page_files() -> Iterator[Path]:
    yield API_DOCUMENT
    for folder in FOLDERS:
        for path in (WEB / folder).rglob("*"):
            if path.is_file() and not path.name.startswith(".") and not path.name.endswith(".d.ts"):
                yield path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
