"""The files of scheduled reports in S3, and their presigned links.

Uses botocore without boto3, whose import would add half a cold start to an HTTP function (docs/adr/0030).
"""

from functools import cached_property
from typing import Any, Literal

from botocore.config import Config
from botocore.session import get_session

from bookings.call_limits import INVOCATION, S3_CALL

Format = Literal["html", "csv", "json"]

CONTENT_TYPES: dict[Format, str] = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


class S3ReportFiles:
    """Report files in a private bucket."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @cached_property
    def _client(self) -> Any:
        """Created on first use, because most e-mails need no link. Links need Signature Version 4 in newer regions."""
        config = Config(signature_version="s3v4", s3={"addressing_style": "path"}, **S3_CALL.config)
        return get_session().create_client("s3", config=config)

    def put(self, folder: str, kind: Format, body: str) -> None:
        """Write the file. It replaces an older one of the same report and format; raises Unavailable."""
        INVOCATION.check_time_for(S3_CALL)
        self._client.put_object(
            Bucket=self._bucket, Key=_key(folder, kind), Body=body.encode(), ContentType=CONTENT_TYPES[kind]
        )

    def link(self, folder: str, kind: Format, seconds: int) -> str:
        """A link that works without sign-in for so many seconds, but not longer than our role's session."""
        return str(
            self._client.generate_presigned_url(
                "get_object", Params={"Bucket": self._bucket, "Key": _key(folder, kind)}, ExpiresIn=seconds
            )
        )


def _key(folder: str, kind: Format) -> str:
    return f"{folder}/online-scheduling.{kind}"
