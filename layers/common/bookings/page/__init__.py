"""The report as a page that stands alone: it needs no network, and prints well."""
