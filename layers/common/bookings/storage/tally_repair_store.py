"""Tallies and the requests that they count, for the audit of tallies."""

from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import and_

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.tally_audit import TallyDifference
from bookings.domain.requests.request import Request
from bookings.storage.codec import encode
from bookings.storage.dynamodb import DynamoDb, UpdateItem, between
from bookings.storage.items import cohort_actions, cohort_item_key, to_request
from bookings.storage.request_listing import lowest_id
from bookings.storage.schema import REQUESTS


class DynamoTallyRepairStore:
    """The TallyRepairStore over the Requests and Tallies tables."""

    def __init__(self, database: DynamoDb) -> None:
        self._database = database

    def requests_received(self, practice: Practice, first_day: date, last_day: date) -> list[Request]:
        """All requests received on these days, read consistently: ids begin with the moment of receipt."""
        first = lowest_id(datetime.combine(first_day, time.min, practice.zone))
        last = lowest_id(datetime.combine(last_day + timedelta(days=1), time.min, practice.zone))
        items = self._database.query(REQUESTS, practice.id, between(first, last), consistent=True)
        return [to_request(item) for item in items]

    def correct_tally(self, practice_id: str, difference: TallyDifference) -> bool:
        """Write the recounted figures, if the tally is still as it was read."""
        is_unchanged = reduce(and_, (_has_count(column, number) for column, number in difference.tallied))
        actions: list[Action] = [Path([column]).set(encode(number)) for column, number in difference.true]
        actions += cohort_actions(difference.cohort)
        key = cohort_item_key(practice_id, difference.cohort)
        return self._database.try_write(UpdateItem(key, actions, is_unchanged))


def _has_count(column: str, number: int) -> Condition:
    path = Path([column])
    return (path == number) if number else (path.does_not_exist() | (path == 0))
