"""PATCH /practices/{practice_id}: a manager's settings."""

from bookings.bootstrap import bootstrap
from bookings.domain.practice.practice_settings import PracticeSettings
from bookings.entrypoints.call import Call, Role
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.responses import practice_response
from bookings.use_cases import update_practice_settings as configuring

APP = bootstrap("practices")


@endpoint
def handler(call: Call) -> Answer:
    practice = configuring.update_practice_settings(
        APP.practices, call.staff(Role.MANAGER), call.body(PracticeSettings)
    )
    return Answer(practice_response(practice, call.now))
