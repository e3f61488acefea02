"""The two demo practices: settings, practitioners, chairs, services and names of patients.

Harbour Dental has a PMS in which Chairlink creates appointments. Clinique Saint-Laurent is on Dentrix, where staff
create them and Chairlink only links to them.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

ROLES = ("front_desk", "manager")

_MORNING = ("08:00", "12:00")
_AFTERNOON = ("13:00", "17:00")


@dataclass(frozen=True)
class DemoPractitioner:
    """A practitioner and the ISO weekdays on which they work (1 is Monday)."""

    id: str
    name: str
    weekdays: tuple[int, ...]


@dataclass(frozen=True)
class DemoPractice:
    """A demo practice: its settings, and what its PMS sends about it."""

    fields: dict[str, Any]
    """Arguments of `Practice`."""
    agent_id: str
    business_hours: dict[int, tuple[tuple[str, str], ...]]
    """ISO weekday -> intervals of (start, end) as "HH:MM" local time."""
    practitioners: tuple[DemoPractitioner, ...]
    chairs: tuple[tuple[str, str], ...]
    """(id, name)"""
    services: tuple[tuple[str, str, int], ...]
    """(id, name, minutes)"""
    patient_names: tuple[tuple[str, str], ...]
    """(first name, last name); generated patients combine them."""
    area_code: str
    random_seed: int
    """For the generated appointments and requests, so that they are the same at every start."""

    @property
    def id(self) -> str:
        """The practice's id."""
        practice_id: str = self.fields["id"]
        return practice_id

    def summary(self, agent_secret: str) -> dict[str, Any]:
        """The practice in the response of `GET /local/practices`."""
        return {
            "practice_id": self.id,
            "name": self.fields["name"],
            "timezone": self.fields["timezone"],
            "pms": {"kind": self.fields["pms"]["kind"]},
            "agent_id": self.agent_id,
            "agent_secret": agent_secret,
            "practitioners": [{"id": each.id, "name": each.name} for each in self.practitioners],
            "chairs": [{"id": chair_id, "name": name} for chair_id, name in self.chairs],
            "services": [
                {"id": service_id, "name": name, "duration_minutes": minutes}
                for service_id, name, minutes in self.services
            ],
        }

    def events(self) -> list[dict[str, Any]]:
        """The events with which the PMS reports chairs, services, practitioners and business hours."""
        events: list[tuple[str, dict[str, Any]]] = []
        events += [("chair.upserted", {"id": chair_id, "name": name}) for chair_id, name in self.chairs]
        events += [
            ("service.upserted", {"id": service_id, "name": name, "duration_minutes": minutes})
            for service_id, name, minutes in self.services
        ]
        events += [("practitioner.upserted", {"id": each.id, "name": each.name}) for each in self.practitioners]
        events.append(("hours.replaced", self._weekly_hours(self.id, tuple(self.business_hours))))
        events += [("hours.replaced", self._weekly_hours(each.id, each.weekdays)) for each in self.practitioners]
        return [{"type": kind, "version": 1, "data": data} for kind, data in events]

    def _weekly_hours(self, owner_id: str, weekdays: tuple[int, ...]) -> dict[str, Any]:
        """The practice's business hours on those weekdays, as the hours of the practice or of one practitioner."""
        intervals = [(day, start, end) for day in weekdays for start, end in self.business_hours.get(day, ())]
        return {
            "id": owner_id,
            "weekly": [{"weekday": day, "start": start, "end": end} for day, start, end in intervals],
        }


def _split_names(text: str) -> tuple[tuple[str, str], ...]:
    """Split "First Last, First Last" into (first name, last name)."""
    return tuple((first, last) for first, last in (name.split() for name in text.split(",")))


HARBOUR = DemoPractice(
    fields={
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
    business_hours=dict.fromkeys((1, 2, 3, 4, 5), (_MORNING, _AFTERNOON)),
    practitioners=(
        DemoPractitioner("prov_chen", "Dr. Amelia Chen", (1, 2, 3, 4, 5)),
        DemoPractitioner("prov_patel", "Dr. Raj Patel", (2, 3, 4, 5)),
        DemoPractitioner("prov_marino", "Dr. Sofia Marino", (1, 5)),
        DemoPractitioner("prov_thompson", "Kai Thompson, RDH", (1, 2, 3)),
        DemoPractitioner("prov_singh", "Nora Singh, RDH", (3, 4, 5)),
        DemoPractitioner("prov_oconnor", "Liam O'Connor, RDH", (2, 4, 5)),
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
    patient_names=_split_names("""
        Oliver Byrne, Marcus Lee, Priya Sharma, Tom Baker, Yuki Tanaka, Elena Petrova,
        Omar Haddad, Grace Kim, Daniel Wong, Fatima Ali, Noah Campbell, Isla MacLeod,
        Mateo Reyes, Hannah Schmidt, Arjun Gill, Chloe Martin, Samuel Okafor, Mei Zhang
    """),
    area_code="604",
    random_seed=604,
)  # fmt: skip

SAINT_LAURENT = DemoPractice(
    fields={
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
    business_hours={
        **dict.fromkeys((1, 2, 4), (_MORNING, _AFTERNOON)),
        3: (_MORNING, ("13:00", "20:00")),
        5: (_MORNING, ("13:00", "16:00")),
        6: (("09:00", "13:00"),),
    },
    practitioners=(
        DemoPractitioner("prov_tremblay", "Dre Camille Tremblay", (1, 2, 3, 4, 5, 6)),
        DemoPractitioner("prov_gagnon", "Dr Étienne Gagnon", (1, 3, 4, 5)),
        DemoPractitioner("prov_nguyen", "Dre Linh Nguyen", (2, 5, 6)),
        DemoPractitioner("prov_roy", "Maxime Roy, hygiéniste", (1, 2, 3)),
        DemoPractitioner("prov_cote", "Sarah Côté, hygiéniste", (3, 4, 5)),
        DemoPractitioner("prov_bouchard", "Inès Bouchard, hygiéniste", (1, 4, 6)),
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
    patient_names=_split_names("""
        Émilie Lavoie, Luc Bergeron, Amina Benali, Olivier Fortin, Sophie Girard, Karim Mansour,
        Julie Pelletier, Antoine Caron, Rosa Silva, Félix Gauthier, Nadia Rossi, Hugo Lefebvre,
        Maya Cohen, Simon Ouellet, Thu Tran, Élise Poirier, Marc-André Dubois, Leïla Haddad
    """),
    area_code="514",
    random_seed=514,
)  # fmt: skip

PRACTICES = (HARBOUR, SAINT_LAURENT)

PAST_PERIOD = timedelta(days=3)
FUTURE_PERIOD = timedelta(days=15)
"""Generated appointments lie between PAST_PERIOD before today and FUTURE_PERIOD after it."""
