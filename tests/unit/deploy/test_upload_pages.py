"""Uploading the pages of a stage."""

from typing import Any

from deploy.repository_paths import ROOT, WEB
from deploy.upload_pages import upload_pages

OUTPUTS = {"PagesBucket": "pages", "SignInUrl": "https://chairlink-staging.example.com", "UserPoolClientId": "client"}


class _Bucket:
    """A fake S3 client that records uploads."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = {}

    def put_object(self, **put: Any) -> None:
        self.objects[put["Key"]] = put


def _uploaded() -> dict[str, dict[str, Any]]:
    bucket = _Bucket()
    upload_pages(bucket, OUTPUTS)
    return bucket.objects


def test_every_file_of_a_page_is_uploaded_with_its_content_type() -> None:
    objects = _uploaded()
    assert objects["book/index.html"]["ContentType"] == "text/html"
    assert objects["book/booking_page.js"]["ContentType"] == "text/javascript"
    assert objects["shared/base.css"]["ContentType"] == "text/css"
    assert objects["shared/base.css"]["Body"] == (WEB / "shared/base.css").read_bytes()
    assert {put["Bucket"] for put in objects.values()} == {"pages"}
    assert {put["CacheControl"] for put in objects.values()} == {"no-cache"}


def test_the_openapi_document_is_uploaded_beside_its_page() -> None:
    objects = _uploaded()
    assert objects["docs/openapi.json"]["Body"] == (ROOT / "docs/openapi.json").read_bytes()
    assert objects["docs/openapi.json"]["ContentType"] == "application/json"
    assert objects["docs/index.html"]["Body"] == (WEB / "docs/index.html").read_bytes()
    assert [key for key in objects if key.startswith("docs/") and key.endswith(".md")] == []


def test_pages_are_uploaded_after_the_files_that_they_load() -> None:
    keys = list(_uploaded())
    pages = [key.endswith(".html") for key in keys]
    assert pages == sorted(pages)
    assert pages.count(True) == len(list(WEB.glob("*/index.html"))) + 1, "and the page for unknown paths"


def test_manifests_and_tools_are_not_uploaded() -> None:
    assert not [key for key in _uploaded() if "node_modules" in key or key.count("/") == 0 or key.endswith(".d.ts")]
