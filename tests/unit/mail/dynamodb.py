"""The real storage, with the same face as the one in memory."""

from bookings.domain.change_set import Snapshot
from bookings.domain.outbox.email import Email
from bookings.domain.requests.request import Request
from bookings.storage.booking_store import DynamoBookingStore
from bookings.storage.dynamodb import PutItem
from bookings.storage.email_repository import DynamoEmailRepository
from bookings.storage.items import email_item, request_item
from bookings.storage.schema import OUTBOX, REQUESTS, Table
from tests.engines import Engine


class OutboxOnDynamoDB(DynamoEmailRepository):
    """Letters and the requests they are about, in tables made from the template."""

    def __init__(self, engine: Engine) -> None:
        self._put = engine.connect()
        super().__init__(self._put)
        self._engine = engine
        self._bookings = DynamoBookingStore(self._put)

    def put_letter(self, email: Email) -> None:
        self._put.write([PutItem(OUTBOX, email_item(email))])

    def put_request(self, request: Request) -> None:
        self._put.write([PutItem(REQUESTS, request_item(request))])

    def load(self, practice_id: str, *, request_id: str | None = None) -> Snapshot:
        return self._bookings.load(practice_id, request_id=request_id)

    def empty(self) -> None:
        client = self._engine.client()
        for table, key in ((Table.OUTBOX, ("outbox_id",)), (Table.REQUESTS, ("practice_id", "request_id"))):
            name = self._engine.tables[table]
            for item in client.scan(TableName=name)["Items"]:
                client.delete_item(TableName=name, Key={part: item[part] for part in key})
