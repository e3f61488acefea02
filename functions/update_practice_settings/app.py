"""PATCH /practices/{practice_id}: change the settings of a practice."""

from bookings.bootstrap import bootstrap
from bookings.domain.practice.practice_settings import PracticeSettings
from bookings.entrypoints.call import Call, Role
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.response_bodies import practice_response
from bookings.use_cases.update_practice_settings import update_practice_settings

APP = bootstrap("practices")


@endpoint
def handler(call: Call) -> Answer:
    practice = update_practice_settings(APP.practices, call.staff(Role.MANAGER), call.body(PracticeSettings))
    return Answer(practice_response(practice, call.now))
