"""The tests of tests/unit/use_cases/test_send_email_once.py over DynamoDB, as MiniStack implements it."""

from tests.unit.use_cases.test_send_email_once import *  # noqa: F403
