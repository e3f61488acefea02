"""The folders under web/ that hold pages and their files."""

FOLDERS = {
    "book": "BookingHeaders", "console": "PageHeaders", "request": "PageHeaders", "shared": "PageHeaders",
    "vendor": "PageHeaders",
}  # fmt: skip
"""Each folder, with the response headers policy of template.yaml that applies to its files."""
