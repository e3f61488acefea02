"""PATCH /practices/{practice_id}: change the settings of a practice.

A JSON merge patch (RFC 7396): a field that is left out stays as it is, null returns it to its default. `name` and
`language` cannot be cleared. Other calls may use the previous settings for up to a minute.
"""

from bookings.bootstrap import bootstrap
from bookings.domain.practice.practice_settings import PracticeSettings
from bookings.entrypoints.answers.practice import StaffPractice, to_staff_practice
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.entrypoints.staff_claims import Role
from bookings.use_cases.update_practice_settings import update_practice_settings

APP = bootstrap("practices")


@endpoint
def handler(call: Call) -> Answer[StaffPractice]:
    practice = update_practice_settings(APP.practices, call.staff(Role.MANAGER), call.body(PracticeSettings))
    return Answer(to_staff_practice(practice, call.now))
