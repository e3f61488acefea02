"""The tests of tests/unit/use_cases/test_undo_window.py over DynamoDB, as MiniStack implements it."""

from tests.unit.use_cases.test_undo_window import *  # noqa: F403
