"""Tallies, the conversion report, quality flags and scheduled reports."""
