"""The conversion report as HTML page and CSV table, and the sentences of findings."""
