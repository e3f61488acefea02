"""The two demo practices: one whose PMS takes appointments, one on Dentrix, which can only be linked to."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

ROLES = ("front_desk", "manager")

_MORNING = ("08:00", "12:00")
_AFTERNOON = ("13:00", "17:00")


@dataclass(frozen=True)
class Person:
    """Somebody who treats patients, and the ISO weekdays they do so."""

    id: str
    name: str
    weekdays: tuple[int, ...]


@dataclass(frozen=True)
class DemoPractice:
    """A practice as its PMS knows it."""

    row: dict[str, Any]
    agent_id: str
    week: dict[int, tuple[tuple[str, str], ...]]
    people: tuple[Person, ...]
    chairs: tuple[tuple[str, str], ...]
    services: tuple[tuple[str, str, int], ...]
    patients: tuple[tuple[str, str], ...]
    area_code: str
    luck: int
    """Seeds the diary: the same every time, another one for each practice."""

    @property
    def id(self) -> str:
        """The practice's id."""
        practice_id: str = self.row["id"]
        return practice_id

    def summary(self, agent_secret: str) -> dict[str, Any]:
        """What `GET /local/practices` says of it."""
        return {
            "practice_id": self.id,
            "name": self.row["name"],
            "timezone": self.row["timezone"],
            "pms": {"kind": self.row["pms"]["kind"]},
            "agent_id": self.agent_id,
            "agent_secret": agent_secret,
            "practitioners": [{"id": person.id, "name": person.name} for person in self.people],
            "chairs": [{"id": chair_id, "name": name} for chair_id, name in self.chairs],
            "services": [
                {"id": each, "name": name, "duration_minutes": minutes} for each, name, minutes in self.services
            ],
        }

    def events(self) -> list[dict[str, Any]]:
        """What the PMS says about the practice itself: people, chairs, services and hours."""
        told: list[tuple[str, dict[str, Any]]] = []
        told += [("chair.upserted", {"id": chair_id, "name": name}) for chair_id, name in self.chairs]
        told += [
            ("service.upserted", {"id": each, "name": name, "duration_minutes": m}) for each, name, m in self.services
        ]
        told += [("practitioner.upserted", {"id": person.id, "name": person.name}) for person in self.people]
        told.append(("hours.replaced", self._hours(self.id, tuple(self.week))))
        told += [("hours.replaced", self._hours(person.id, person.weekdays)) for person in self.people]
        return [{"type": kind, "version": 1, "data": data} for kind, data in told]

    def _hours(self, of: str, weekdays: tuple[int, ...]) -> dict[str, Any]:
        stretches = [(day, start, end) for day in weekdays for start, end in self.week.get(day, ())]
        return {"id": of, "weekly": [{"weekday": day, "start": start, "end": end} for day, start, end in stretches]}


def _people(text: str) -> tuple[tuple[str, str], ...]:
    """First and last names."""
    return tuple((first, last) for first, last in (name.split() for name in text.split(",")))


HARBOUR = DemoPractice(
    row={
        "id": "prac_harbour_dental",
        "name": "Harbour Dental",
        "timezone": "America/Vancouver",
        "country": "CA",
        "language": "en",
        "phone": "+16045550100",
        "address": "1188 Quay Street, Vancouver, BC V6B 0A1",
        "pms": {"kind": "open_dental", "capabilities": {"create": True}},
        "decision_target_minutes": 240,
        "report_recipients": ["manager@harbour.example"],
        "front_desk_recipients": ["desk@harbour.example"],
    },
    agent_id="agt_harbour_dental",
    week=dict.fromkeys((1, 2, 3, 4, 5), (_MORNING, _AFTERNOON)),
    people=(
        Person("prov_chen", "Dr. Amelia Chen", (1, 2, 3, 4, 5)),
        Person("prov_patel", "Dr. Raj Patel", (2, 3, 4, 5)),
        Person("prov_marino", "Dr. Sofia Marino", (1, 5)),
        Person("prov_thompson", "Kai Thompson, RDH", (1, 2, 3)),
        Person("prov_singh", "Nora Singh, RDH", (3, 4, 5)),
        Person("prov_oconnor", "Liam O'Connor, RDH", (2, 4, 5)),
    ),
    chairs=tuple((f"chair_{number}", f"Chair {number}") for number in range(1, 5)),
    services=(
        ("svc_exam", "New patient exam", 60),
        ("svc_cleaning", "Cleaning and check-up", 60),
        ("svc_emergency", "Toothache or emergency", 30),
        ("svc_filling", "Filling", 45),
        ("svc_crown", "Crown", 90),
        ("svc_whitening", "Whitening", 60),
        ("svc_child", "Child's check-up", 30),
    ),
    patients=_people("""
        Oliver Byrne, Marcus Lee, Priya Sharma, Tom Baker, Yuki Tanaka, Elena Petrova,
        Omar Haddad, Grace Kim, Daniel Wong, Fatima Ali, Noah Campbell, Isla MacLeod,
        Mateo Reyes, Hannah Schmidt, Arjun Gill, Chloe Martin, Samuel Okafor, Mei Zhang
    """),
    area_code="604",
    luck=604,
)  # fmt: skip

SAINT_LAURENT = DemoPractice(
    row={
        "id": "prac_clinique_saint_laurent",
        "name": "Clinique Saint-Laurent",
        "timezone": "America/Toronto",
        "country": "CA",
        "language": "fr",
        "phone": "+15145550100",
        "address": "4020, boul. Saint-Laurent, Montréal (Québec) H2W 1Y8",
        "pms": {"kind": "dentrix", "capabilities": {"create": False}},
        "decision_target_minutes": 240,
        "report_recipients": ["gestion@saint-laurent.example"],
        "front_desk_recipients": ["accueil@saint-laurent.example"],
    },
    agent_id="agt_clinique_saint_laurent",
    week={
        **dict.fromkeys((1, 2, 4), (_MORNING, _AFTERNOON)),
        3: (_MORNING, ("13:00", "20:00")),
        5: (_MORNING, ("13:00", "16:00")),
        6: (("09:00", "13:00"),),
    },
    people=(
        Person("prov_tremblay", "Dre Camille Tremblay", (1, 2, 3, 4, 5, 6)),
        Person("prov_gagnon", "Dr Étienne Gagnon", (1, 3, 4, 5)),
        Person("prov_nguyen", "Dre Linh Nguyen", (2, 5, 6)),
        Person("prov_roy", "Maxime Roy, hygiéniste", (1, 2, 3)),
        Person("prov_cote", "Sarah Côté, hygiéniste", (3, 4, 5)),
        Person("prov_bouchard", "Inès Bouchard, hygiéniste", (1, 4, 6)),
    ),
    chairs=tuple((f"fauteuil_{number}", f"Fauteuil {number}") for number in range(1, 5)),
    services=(
        ("svc_examen", "Examen nouveau patient", 60),
        ("svc_nettoyage", "Nettoyage", 60),
        ("svc_urgence", "Urgence", 30),
        ("svc_obturation", "Obturation", 45),
        ("svc_couronne", "Couronne", 90),
        ("svc_enfant", "Examen enfant", 30),
    ),
    patients=_people("""
        Émilie Lavoie, Luc Bergeron, Amina Benali, Olivier Fortin, Sophie Girard, Karim Mansour,
        Julie Pelletier, Antoine Caron, Rosa Silva, Félix Gauthier, Nadia Rossi, Hugo Lefebvre,
        Maya Cohen, Simon Ouellet, Thu Tran, Élise Poirier, Marc-André Dubois, Leïla Haddad
    """),
    area_code="514",
    luck=514,
)  # fmt: skip

PRACTICES = (HARBOUR, SAINT_LAURENT)

PAST = timedelta(days=3)
AHEAD = timedelta(days=15)
"""How far the diaries reach back and ahead."""
