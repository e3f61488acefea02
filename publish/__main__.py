"""`python -m publish STAGE`: upload web/ to where the stage's CloudFront reads it. `make deploy` does so last."""

import sys

import boto3

from publish.upload import outputs_of, upload


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
            sys.stderr.write("usage: python -m publish staging | production\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
