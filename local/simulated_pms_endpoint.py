"""`GET` and `POST /local/pms/{practice_id}`: list a simulated PMS's appointments, and enter one as a person would."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.problem_response import problem_response
from local.simulated_pms import PmsAppointment, PmsRefusal, SimulatedPms


class AppointmentEntry(BaseModel):
    """The body of `POST`. With an id it changes that appointment, and fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str | None = None
    patient: dict[str, str] | None = None
    start: str | None = None
    minutes: int | None = None
    provider: str | None = None
    operatory: str | None = None
    procedure: str | None = None
    status: str | None = None


class SimulatedPmsEndpoint:
    """The endpoint for the simulated PMS of every demo practice."""

    def __init__(self, pms_by_practice: Mapping[str, SimulatedPms]) -> None:
        self._pms_by_practice = pms_by_practice

    def route(self) -> Route:
        """The endpoint as a route."""
        return Route("/local/pms/{practice_id}", self.respond, methods=["GET", "POST"])

    async def respond(self, request: Request) -> Response:
        """All appointments of the PMS, or the id of the appointment that was entered."""
        pms = self._pms_by_practice.get(request.path_params["practice_id"])
        if pms is None:
            return problem_response(404, "not-found", "No demo practice has this id")
        if request.method == "GET":
            return JSONResponse(await run_in_threadpool(_list_appointments, pms))
        try:
            entry = AppointmentEntry.model_validate_json(await request.body())
            return JSONResponse({"id": await run_in_threadpool(_enter, pms, entry)})
        except (ValidationError, TypeError):
            title = "A new appointment needs patient, start and minutes; a change needs an id"
            return problem_response(422, "invalid-request", title)
        except KeyError:
            return problem_response(404, "not-found", "The PMS has no appointment with this id")
        except PmsRefusal as refusal:
            return problem_response(409, "refused", str(refusal))


def _list_appointments(pms: SimulatedPms) -> list[dict[str, Any]]:
    return [{"id": row.id, "token": row.token, **asdict(row.appointment)} for row in pms.changes()]


def _enter(pms: SimulatedPms, entry: AppointmentEntry) -> str:
    values = entry.model_dump(exclude={"id"}, exclude_none=True)
    if entry.id is None:
        return pms.create(PmsAppointment(**values))
    pms.change(entry.id, **values)
    return entry.id
