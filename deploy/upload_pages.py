"""`python -m deploy.upload_pages STAGE` uploads web/ to the bucket that the stage's CloudFront distribution reads."""

import json
import mimetypes
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3

from deploy.page_folders import FOLDERS
from deploy.repository_paths import WEB

SIGN_IN = "console/sign-in.json"
"""How people sign in there; the file in web/ says how on this machine."""


def outputs_of(cloudformation: Any, stack: str) -> Mapping[str, str]:
    """The outputs of a deployed stack."""
    (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


def upload(s3: Any, outputs: Mapping[str, str]) -> None:
    """Put every file into the bucket, pages last: nobody gets a page whose modules are not there yet."""
    sign_in = {"kind": "hosted", "domain": outputs["SignInUrl"], "client_id": outputs["UserPoolClientId"]}
    for path in sorted(_files(), key=lambda each: (each.suffix == ".html", each)):
        key = str(path.relative_to(WEB))
        body = json.dumps(sign_in).encode() if key == SIGN_IN else path.read_bytes()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        # Browsers ask each time and mostly hear "not modified": a page and its modules never come from two releases.
        s3.put_object(Bucket=outputs["PagesBucket"], Key=key, Body=body, ContentType=kind, CacheControl="no-cache")


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in (WEB / folder).rglob("*"):
            if path.is_file() and not path.name.startswith(".") and not path.name.endswith(".d.ts"):
                yield path


def main(arguments: list[str]) -> int:
    """Do what was asked; the exit code says whether it went well."""
    match arguments:
        case ["staging" | "production" as stage]:
            outputs = outputs_of(boto3.client("cloudformation"), f"chairlink-{stage}")
            upload(boto3.client("s3"), outputs)
            sys.stdout.write(
                f"The pages are at {outputs['SiteUrl']}/console/ and {outputs['SiteUrl']}/book/PRACTICE_ID\n"
            )
            return 0
        case _:
            sys.stderr.write("usage: python -m deploy.upload_pages staging | production\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
