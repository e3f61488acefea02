"""What the OpenAPI document says before its operations."""

from contract.json_schemas import Json
from deploy.repository_paths import ROOT

INTRODUCTION: Json = {
    "title": "Chairlink",
    "version": "1",
    "description": (ROOT / "contract" / "introduction.md").read_text(),
    "license": {"name": "MIT", "identifier": "MIT"},
    "contact": {"name": "The Chairlink maintainers"},
}

TAGS: list[Json] = [
    {
        "name": "Staff",
        "description": "For the front desk and the managers of a practice. Decisions on requests, and what staff need "
        "to know before they decide; reports and settings for managers.",
    },
    {
        "name": "Patients",
        "description": "For booking pages. No account is needed, and nothing here shows another patient's data.",
    },
    {
        "name": "PMS agents",
        "description": "For the program beside a practice's PMS: it sends what changed there, and writes into it what "
        "Chairlink asks for. Calls are signed webhooks.",
    },
]
