"""GET /practices/{practice_id}: a practice with its settings, and the age of its schedule.

Also practitioners, chairs, services and hours as the PMS reported them. `pms.freshness` says how old that data is:
`synced_at` is when the PMS last sent anything.
"""

from bookings.bootstrap import bootstrap
from bookings.entrypoints.answers.practice import StaffPractice, to_staff_practice
from bookings.entrypoints.call import Call
from bookings.entrypoints.endpoint import Answer, endpoint
from bookings.use_cases.optimistic_transaction import get_practice

APP = bootstrap("practices")


@endpoint
def handler(call: Call) -> Answer[StaffPractice]:
    practice = get_practice(APP.practices, call.staff())
    return Answer(to_staff_practice(practice, call.now))
