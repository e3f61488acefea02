"""The tests of tests/unit/use_cases/test_send_email_failures.py over DynamoDB, as MiniStack implements it."""

from tests.unit.use_cases.test_send_email_failures import *  # noqa: F403
