"""A demo practice's diary: a few weeks of appointments around today, and a dozen requests that meet them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from local.demo_practices import AHEAD, PAST, DemoPractice, Person

_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    """One appointment in the diary; times are on the practice's clock."""

    id: str
    start: datetime
    minutes: int
    practitioner_id: str
    chair_id: str
    service_id: str
    patient: dict[str, Any]

    def event(self) -> dict[str, Any]:
        """How the PMS tells of it."""
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


class Diary:
    """The appointments of one practice around a day. Equal arguments give equal diaries."""

    def __init__(self, practice: DemoPractice, today: date) -> None:
        self._practice = practice
        self._luck = Random(practice.luck)
        self._today = today
        days = (today - PAST + timedelta(days=n) for n in range((PAST + AHEAD).days))
        self.entries = [entry for day in days for entry in self._day(day)]

    def requests(self, now: datetime) -> list[dict[str, Any]]:
        """Bodies of booking requests: some fit, some are in the way of others, some come at impossible times."""
        ahead = [entry for entry in self.entries if entry.start.date() > self._today + timedelta(days=1)]
        taken, booked = self._luck.sample(ahead, 4), self._luck.sample(ahead, 2)
        free = list(self._free_times())
        self._luck.shuffle(free)
        sunday = self._today + timedelta(days=7 + 7 - self._today.isoweekday())
        weekday = free[0][0].date()
        wishes: list[dict[str, Any]] = [
            # They fit: with a practitioner in mind, or anybody who is free.
            *({"start": start, "practitioner_id": person.id} for start, person in free[:3]),
            *({"start": start} for start, _ in free[3:5]),
            # Somebody is there already: the chair, the practitioner, or both.
            {"start": taken[0].start, "chair_id": taken[0].chair_id},
            {"start": taken[1].start, "practitioner_id": taken[1].practitioner_id},
            {"start": taken[2].start, "practitioner_id": taken[2].practitioner_id, "chair_id": taken[2].chair_id},
            {"start": taken[3].start + _QUARTER, "practitioner_id": taken[3].practitioner_id},
            # Nobody is there: over lunch, in the evening, on a Sunday.
            {"start": datetime.combine(weekday, time(12, 15))},
            {"start": datetime.combine(weekday, time(21, 30))},
            {"start": datetime.combine(sunday, time(10, 0))},
            # Soon over: in an hour it has passed.
            {"start": (now + timedelta(minutes=45)).replace(second=0, microsecond=0)},
        ]
        asked = [self._request(wish, self._somebody(300 + number)) for number, wish in enumerate(wishes)]
        # The practice has these patients' appointments already, at another time.
        again = zip(booked, free[5:], strict=False)
        return asked + [self._request({"start": start}, entry.patient) for entry, (start, _) in again]

    def _request(self, wish: dict[str, Any], patient: dict[str, Any]) -> dict[str, Any]:
        service_id, _, _ = self._luck.choice(self._practice.services[:4])
        return {
            "patient": patient,
            "requested": {"service_id": service_id, **wish, "start": wish["start"].isoformat()},
            "source": self._luck.choice(["website", "website", "google", "facebook", "recall_text"]),
            "new_patient": self._luck.choice([True, False, False]),
        }

    def _day(self, day: date) -> Iterator[Entry]:
        """Everybody who works that day gets a chair, and more or less of the day filled."""
        for person, (chair_id, _) in zip(self._at_work(day), self._practice.chairs, strict=False):
            for opens, closes in self._stretches(day):
                clock = opens
                while clock < closes:
                    service_id, _, minutes = self._luck.choice(self._practice.services)
                    ends = clock + timedelta(minutes=minutes)
                    if self._luck.random() < 0.4 or ends > closes:
                        clock += timedelta(minutes=30)
                        continue
                    patient = self._somebody(self._luck.randrange(240))
                    entry_id = f"pms-{day:%Y%m%d}-{chair_id}-{clock:%H%M}"
                    yield Entry(entry_id, clock, minutes, person.id, chair_id, service_id, patient)
                    clock = ends

    def _free_times(self) -> Iterator[tuple[datetime, Person]]:
        """Hours at which somebody and their chair have nothing to do, two days ahead or later."""
        for day in (self._today + timedelta(days=n) for n in range(2, AHEAD.days)):
            for person, (chair_id, _) in zip(self._at_work(day), self._practice.chairs, strict=False):
                for opens, closes in self._stretches(day):
                    starts = (opens + timedelta(minutes=30 * n) for n in range(16))
                    free = (
                        start
                        for start in starts
                        if start + timedelta(hours=1) <= closes and self._is_free(chair_id, start)
                    )
                    yield from ((start, person) for start in list(free)[:1])

    def _is_free(self, chair_id: str, start: datetime) -> bool:
        end = start + timedelta(hours=1)
        return not any(
            entry.chair_id == chair_id and entry.start < end and start < entry.start + timedelta(minutes=entry.minutes)
            for entry in self.entries
        )

    def _at_work(self, day: date) -> list[Person]:
        return [person for person in self._practice.people if day.isoweekday() in person.weekdays]

    def _stretches(self, day: date) -> list[tuple[datetime, datetime]]:
        week = self._practice.week.get(day.isoweekday(), ())
        return [tuple(datetime.combine(day, time.fromisoformat(clock)) for clock in pair) for pair in week]  # type: ignore[misc]

    def _somebody(self, number: int) -> dict[str, Any]:
        """The patient of that number: many share a name, no two an address."""
        names = self._practice.patients
        first_name, _ = names[number % len(names)]
        _, last_name = names[(number * 7 + number // len(names)) % len(names)]
        return {
            "first_name": first_name,
            "last_name": last_name,
            "email": f"patient{number:03d}.{self._practice.area_code}@example.com",
            "phone": f"+1{self._practice.area_code}555{1000 + number:04d}",
            "date_of_birth": (date(1950, 1, 1) + timedelta(days=number * 211 % 24_000)).isoformat(),
        }
