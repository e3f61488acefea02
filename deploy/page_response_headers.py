"""Which response headers CloudFront sets on the files of each folder under web/."""

FOLDERS = {
    "book": "BookingHeaders", "console": "PageHeaders", "request": "PageHeaders", "shared": "PageHeaders",
    "vendor": "PageHeaders",
}  # fmt: skip
"""Each folder, with the response headers policy of template.yaml that applies to its files."""
