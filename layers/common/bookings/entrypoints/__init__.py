"""Lambda handlers and what they share: HTTP calls, record batches, schedules, webhook signatures."""
