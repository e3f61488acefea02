"""The tests of tests/unit/use_cases/test_record_email_event.py over DynamoDB, as MiniStack implements it."""

from tests.unit.use_cases.test_record_email_event import *  # noqa: F403
