"""PATCH /practices/{practice_id}: a manager's settings."""

from bookings.domain.practice.practice_settings import PracticeSettings
from bookings.entrypoints import responses as views
from bookings.entrypoints.http import Answer, Call, Role, endpoint
from bookings.storage.stores import open_stores
from bookings.use_cases import update_practice_settings as configuring

STORES = open_stores()


@endpoint
def handler(call: Call) -> Answer:
    practice = configuring.configure(STORES.practices, call.staff(Role.MANAGER), call.body(PracticeSettings))
    return Answer(views.practice(practice, call.now))
