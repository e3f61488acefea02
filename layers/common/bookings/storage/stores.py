"""The stores of this process, opened once at cold start."""

from dataclasses import dataclass

from bookings.settings import Settings, settings
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.dynamodb import connect
from bookings.storage.practice_repository import DynamoPracticeRepository


@dataclass(frozen=True)
class Stores:
    """All that use cases read and write."""

    practices: DynamoPracticeRepository
    bookings: DynamoBookingStore


def open_stores(told: Settings | None = None) -> Stores:
    """The stores over the tables that this function was told of."""
    told = told or settings()
    database = connect(told.tables)
    return Stores(DynamoPracticeRepository(database, told.practice_cache_seconds), DynamoBookingStore(database))
