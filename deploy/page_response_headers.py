"""Which files are served as pages, and which response headers CloudFront sets on them."""

from deploy.repository_paths import ROOT

FOLDERS = {
    "book": "BookingHeaders", "console": "PageHeaders", "docs": "DocsHeaders", "request": "RequestHeaders",
    "shared": "PageHeaders", "vendor": "PageHeaders",
}  # fmt: skip
"""Each folder under web/, with the response headers policy of template.yaml that applies to its files."""

FILE_TYPES = ("css", "html", "js", "json", "svg", "txt")
"""The types of the files. A path that ends otherwise is a path of its folder's page, also one with a dot."""

API_DOCUMENT = ROOT / "docs/openapi.json"
"""The OpenAPI document. Its URL is its path in the repository, in the folder of the page that shows it."""
