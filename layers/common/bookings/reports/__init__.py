"""The report as a page, a CSV table and sentences."""
