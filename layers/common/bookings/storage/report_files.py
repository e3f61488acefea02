"""The files of generated reports in S3. Botocore alone: boto3 would cost an HTTP function half a cold start."""

from functools import cached_property
from typing import Any, Literal

from botocore.config import Config
from botocore.session import get_session

Format = Literal["html", "csv", "json"]

CONTENT_TYPES: dict[Format, str] = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


class S3ReportFiles:
    """One private bucket."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @cached_property
    def _client(self) -> Any:
        """Made when it is first used: most letters need no link. The newest signature, or a link opens in no region."""
        config = Config(signature_version="s3v4", s3={"addressing_style": "path"}, connect_timeout=2, read_timeout=10)
        return get_session().create_client("s3", config=config)

    def put(self, folder: str, kind: Format, body: str) -> None:
        """Keep the file; a second time it is the same file."""
        self._client.put_object(
            Bucket=self._bucket, Key=_key(folder, kind), Body=body.encode(), ContentType=CONTENT_TYPES[kind]
        )

    def link(self, folder: str, kind: Format, seconds: int) -> str:
        """A link that whoever holds it can open for so long, but never longer than our role's session lasts."""
        return str(
            self._client.generate_presigned_url(
                "get_object", Params={"Bucket": self._bucket, "Key": _key(folder, kind)}, ExpiresIn=seconds
            )
        )


def _key(folder: str, kind: Format) -> str:
    return f"{folder}/online-scheduling.{kind}"
