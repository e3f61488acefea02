"""The demo practices' PMSs as a person meets them: what stands in one, and something entered there by hand."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.problem_response import problem
from local.simulated_pms import Pms, PmsAppointment, Refused


class Entry(BaseModel):
    """What is entered by hand; with an id, a change of that appointment: what is left out stays."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str | None = None
    patient: dict[str, str] | None = None
    start: str | None = None
    minutes: int | None = None
    provider: str | None = None
    operatory: str | None = None
    procedure: str | None = None
    status: str | None = None


class PmsDesk:
    """`GET` and `POST /local/pms/{practice_id}`."""

    def __init__(self, pmss: Mapping[str, Pms]) -> None:
        self._pmss = pmss

    def route(self) -> Route:
        """Where it is met."""
        return Route("/local/pms/{practice_id}", self.answer, methods=["GET", "POST"])

    async def answer(self, request: Request) -> Response:
        """The appointments of one PMS, or the id under which one was entered."""
        pms = self._pmss.get(request.path_params["practice_id"])
        if pms is None:
            return problem(404, "not-found", "There is no demo practice of that id")
        if request.method == "GET":
            return JSONResponse(await run_in_threadpool(_listed, pms))
        try:
            entry = Entry.model_validate_json(await request.body())
            return JSONResponse({"id": await run_in_threadpool(_entered, pms, entry)})
        except (ValidationError, TypeError):
            return problem(422, "invalid-request", "An entry has patient, start and minutes, a change has an id")
        except KeyError:
            return problem(404, "not-found", "The PMS has no appointment of that id")
        except Refused as refusal:
            return problem(409, "refused", str(refusal))


def _listed(pms: Pms) -> list[dict[str, Any]]:
    return [{"id": row.id, "token": row.token, **asdict(row.appointment)} for row in pms.changes()]


def _entered(pms: Pms, entry: Entry) -> str:
    told = entry.model_dump(exclude={"id"}, exclude_none=True)
    if entry.id is None:
        return pms.create(PmsAppointment(**told))
    pms.change(entry.id, **told)
    return entry.id
