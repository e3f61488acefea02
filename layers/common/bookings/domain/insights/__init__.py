"""Why requests do not fit: causes, findings and recommended fixes."""
