"""Generates the data of a demo practice: appointments around today, and booking requests that fit them or conflict."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from local.demo_practices import FUTURE_PERIOD, PAST_PERIOD, DemoPractice, DemoPractitioner

_QUARTER_HOUR = timedelta(minutes=15)


@dataclass(frozen=True)
class DemoAppointment:
    """An appointment in the practice's PMS; `start` is local time of the practice."""

    id: str
    start: datetime
    minutes: int
    practitioner_id: str
    chair_id: str
    service_id: str
    patient: dict[str, Any]

    def event(self) -> dict[str, Any]:
        """The event with which the PMS reports it."""
        data = {
            "id": self.id,
            "patient": self.patient,
            "start": self.start.isoformat(),
            "duration_minutes": self.minutes,
            "practitioner_id": self.practitioner_id,
            "chair_id": self.chair_id,
            "service_id": self.service_id,
            "status": "booked",
        }
        return {"type": "appointment.upserted", "version": 1, "data": data}


class DemoDataGenerator:
    """The generated appointments and requests of one practice. The same practice and day give the same data."""

    def __init__(self, practice: DemoPractice, today: date) -> None:
        self._practice = practice
        self._random = Random(practice.random_seed)
        self._today = today
        days = (today - PAST_PERIOD + timedelta(days=n) for n in range((PAST_PERIOD + FUTURE_PERIOD).days))
        self.appointments = [appointment for day in days for appointment in self._appointments_of_day(day)]

    def requests(self, now: datetime) -> list[dict[str, Any]]:
        """Bodies of booking requests: times that are free, taken, outside business hours or about to pass.

        `now` is local time of the practice.
        """
        upcoming = [each for each in self.appointments if each.start.date() > self._today + timedelta(days=1)]
        taken, booked = self._random.sample(upcoming, 4), self._random.sample(upcoming, 2)
        free = list(self._free_times())
        self._random.shuffle(free)
        sunday = self._today + timedelta(days=7 + 7 - self._today.isoweekday())
        working_day = free[0][0].date()
        wishes: list[dict[str, Any]] = [
            # Free, with a certain practitioner or with any.
            *({"start": start, "practitioner_id": practitioner.id} for start, practitioner in free[:3]),
            *({"start": start} for start, _ in free[3:5]),
            # Taken: the chair, the practitioner or both.
            {"start": taken[0].start, "chair_id": taken[0].chair_id},
            {"start": taken[1].start, "practitioner_id": taken[1].practitioner_id},
            {"start": taken[2].start, "practitioner_id": taken[2].practitioner_id, "chair_id": taken[2].chair_id},
            {"start": taken[3].start + _QUARTER_HOUR, "practitioner_id": taken[3].practitioner_id},
            # Outside business hours: at lunch, in the evening, on a Sunday.
            {"start": datetime.combine(working_day, time(12, 15))},
            {"start": datetime.combine(working_day, time(21, 30))},
            {"start": datetime.combine(sunday, time(10, 0))},
            # Expires soon: in 45 minutes its start has passed.
            {"start": (now + timedelta(minutes=45)).replace(second=0, microsecond=0)},
        ]
        requests = [self._request(wish, self._patient(300 + number)) for number, wish in enumerate(wishes)]
        # Requests of patients who already have an appointment, at another time.
        already_booked = zip(booked, free[5:], strict=False)
        return requests + [
            self._request({"start": start}, appointment.patient) for appointment, (start, _) in already_booked
        ]

    def _request(self, wish: dict[str, Any], patient: dict[str, Any]) -> dict[str, Any]:
        service_id, _, _ = self._random.choice(self._practice.services[:4])
        return {
            "patient": patient,
            "requested": {"service_id": service_id, **wish, "start": wish["start"].isoformat()},
            "source": self._random.choice(["website", "website", "google", "facebook", "recall_text"]),
            "new_patient": self._random.choice([True, False, False]),
        }

    def _appointments_of_day(self, day: date) -> Iterator[DemoAppointment]:
        """Each working practitioner gets one chair and appointments for a random part of the day."""
        for practitioner, (chair_id, _) in self._practitioners_with_chairs(day):
            for opening, closing in self._business_hours(day):
                start = opening
                while start < closing:
                    service_id, _, minutes = self._random.choice(self._practice.services)
                    end = start + timedelta(minutes=minutes)
                    if self._random.random() < 0.4 or end > closing:
                        start += timedelta(minutes=30)
                        continue
                    patient = self._patient(self._random.randrange(240))
                    appointment_id = f"pms-{day:%Y%m%d}-{chair_id}-{start:%H%M}"
                    yield DemoAppointment(
                        appointment_id, start, minutes, practitioner.id, chair_id, service_id, patient
                    )
                    start = end

    def _free_times(self) -> Iterator[tuple[datetime, DemoPractitioner]]:
        """For each practitioner and interval of business hours from the day after tomorrow: the first free hour."""
        for day in (self._today + timedelta(days=n) for n in range(2, FUTURE_PERIOD.days)):
            for practitioner, (chair_id, _) in self._practitioners_with_chairs(day):
                for opening, closing in self._business_hours(day):
                    starts = (opening + timedelta(minutes=30 * n) for n in range(16))
                    free = (
                        start
                        for start in starts
                        if start + timedelta(hours=1) <= closing and self._is_free(chair_id, start)
                    )
                    yield from ((start, practitioner) for start in list(free)[:1])

    def _is_free(self, chair_id: str, start: datetime) -> bool:
        """Whether the chair is free for an hour."""
        end = start + timedelta(hours=1)
        return not any(
            each.chair_id == chair_id and each.start < end and start < each.start + timedelta(minutes=each.minutes)
            for each in self.appointments
        )

    def _practitioners_with_chairs(self, day: date) -> Iterator[tuple[DemoPractitioner, tuple[str, str]]]:
        """The practitioners who work that day, each with a chair (id, name), for as many as there are chairs."""
        working = (each for each in self._practice.practitioners if day.isoweekday() in each.weekdays)
        return zip(working, self._practice.chairs, strict=False)

    def _business_hours(self, day: date) -> list[tuple[datetime, datetime]]:
        intervals = self._practice.business_hours.get(day.isoweekday(), ())
        return [tuple(datetime.combine(day, time.fromisoformat(text)) for text in pair) for pair in intervals]  # type: ignore[misc]

    def _patient(self, number: int) -> dict[str, Any]:
        """The patient with that number. Patients may share a name, but never an e-mail address or phone number."""
        names = self._practice.patient_names
        first_name, _ = names[number % len(names)]
        _, last_name = names[(number * 7 + number // len(names)) % len(names)]
        return {
            "first_name": first_name,
            "last_name": last_name,
            "email": f"patient{number:03d}.{self._practice.area_code}@example.com",
            "phone": f"+1{self._practice.area_code}555{1000 + number:04d}",
            "date_of_birth": (date(1950, 1, 1) + timedelta(days=number * 211 % 24_000)).isoformat(),
        }
