"""The schedule of one day in answers."""

import datetime as dt

from typing_extensions import TypedDict  # Pydantic asks for it on Python 3.11

from bookings.domain.scheduling.day_sheet import DaySheet
from bookings.entrypoints.answers.appointments import ScheduledAppointment, to_scheduled_appointment
from bookings.entrypoints.answers.requests import StaffRequest, to_staff_request
from bookings.use_cases.read_schedule import ScheduleDay


class BusyTime(TypedDict):
    """The time that one appointment occupies."""

    appointment_id: str
    start: dt.datetime
    duration_minutes: int


class ResourceDay(TypedDict):
    """The busy times of a chair or practitioner on one day, in order of their start."""

    id: str
    name: str
    busy: list[BusyTime]


class DaySchedule(TypedDict):
    """A practice's day: its chairs and practitioners, its appointments, and the pending requests for that day."""

    date: dt.date
    timezone: str
    """IANA name, such as `America/Vancouver`."""
    chairs: list[ResourceDay]
    practitioners: list[ResourceDay]
    appointments: list[ScheduledAppointment]
    """Those that take the time of a chair or practitioner on this day, by their start."""
    requests: list[StaffRequest]
    """The pending requests of that day, 100 at most."""


def to_day_schedule(day: ScheduleDay) -> DaySchedule:
    """One day of the practice."""
    names = {chair.id: chair.name for chair in day.practice.chairs}
    names |= {practitioner.id: practitioner.name for practitioner in day.practice.practitioners}
    resource_days: dict[str, list[ResourceDay]] = {"chair": [], "practitioner": []}
    for sheet in day.sheets:
        resource = sheet.key.resource
        resource_days[resource.kind].append(_to_resource_day(sheet, names[resource.id]))
    return {
        "date": day.date,
        "timezone": day.practice.timezone,
        "chairs": resource_days["chair"],
        "practitioners": resource_days["practitioner"],
        "appointments": [to_scheduled_appointment(appointment) for appointment in day.appointments],
        "requests": [to_staff_request(pending.request, pending.fit, pending.others) for pending in day.requests],
    }


def _to_resource_day(sheet: DaySheet, name: str) -> ResourceDay:
    busy_times = sorted(sheet.busy.items(), key=lambda item: item[1].slot.begins)
    return {
        "id": sheet.key.resource.id,
        "name": name,
        "busy": [
            {"appointment_id": appointment_id, "start": busy.start, "duration_minutes": busy.duration_minutes}
            for appointment_id, busy in busy_times
        ],
    }
