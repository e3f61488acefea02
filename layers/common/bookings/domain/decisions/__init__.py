"""Decisions about a request as pure functions that return a change set."""
