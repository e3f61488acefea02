"""The tests of tests/unit/use_cases/test_send_staff_email.py over DynamoDB, as MiniStack implements it."""

from tests.unit.use_cases.test_send_staff_email import *  # noqa: F403
