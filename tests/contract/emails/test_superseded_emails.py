"""The tests of tests/unit/use_cases/test_superseded_emails.py over DynamoDB, as MiniStack implements it."""

from tests.unit.use_cases.test_superseded_emails import *  # noqa: F403
