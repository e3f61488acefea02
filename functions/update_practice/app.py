"""PATCH /practices/{practice_id}: a manager's settings."""

from bookings.domain.practice.practice_settings import PracticeSettings
from bookings.entrypoints.call import Call, Role
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import practice_response
from bookings.storage.stores import open_stores
from bookings.use_cases import update_practice_settings as configuring

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    practice = configuring.update_practice_settings(
        STORES.practices, call.staff(Role.MANAGER), call.body(PracticeSettings)
    )
    return Answer(practice_response(practice, call.now))
