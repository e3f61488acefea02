"""What each letter says, in the practice's language; how it looks is the templates' affair."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bookings.domain.kernel.phone_numbers import format_national
from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.outbox.email_delivery import Undeliverable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.slot import Slot
from bookings.emails.english import English
from bookings.emails.french import French
from bookings.emails.language import Language

LANGUAGES: dict[str, Language] = {"en": English(), "fr": French()}

_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’-]|\.(?= |$)){0,39}")


@dataclass(frozen=True)
class EmailText:
    """One letter. `slot` is the time it speaks of, the only one: two times in a letter invite the wrong one."""

    language: Language
    subject: str
    heading: str
    greeting: str
    opening: tuple[str, ...]
    slot: Slot | None
    slot_label: str
    facts: tuple[tuple[str, str], ...]
    closing: tuple[str, ...]


def compose_text(email: Email, request: Request, practice: Practice, now: datetime) -> EmailText:
    """The letter's words; raises Unmailable where they would not be true any more."""
    match email.kind:
        case EmailKind.CONFIRMATION:
            return _confirmation(request, practice, now)
        case EmailKind.REJECTION:
            return _rejection(request, practice)
        case EmailKind.CANCELLATION:
            return _cancellation(email, request, practice)
        case _:
            raise ValueError(f"{email.kind} is no letter to a patient")


def _confirmation(request: Request, practice: Practice, now: datetime) -> EmailText:
    language = LANGUAGES[practice.language]
    say = language.sentences
    slot = request.accepted
    if slot is None or request.appointment_status == "cancelled":
        raise Undeliverable("appointment_cancelled")
    if slot.ends <= now:
        raise Undeliverable("appointment_past")
    moved = slot.begins != request.requested.begins
    return EmailText(
        language=language,
        subject=say.confirmed_subject.format(practice=practice.name),
        heading=say.confirmed,
        greeting=_greeting(language, request),
        opening=(say.other_time,) if moved else (),
        slot=slot,
        slot_label=say.when,
        facts=tuple(_facts(language, slot, practice)),
        closing=(_with_phone(say.change, say.change_by_phone, practice), say.calendar_add, say.welcome),
    )


def _rejection(request: Request, practice: Practice) -> EmailText:
    language = LANGUAGES[practice.language]
    say = language.sentences
    reason = request.decision.reason if request.decision else None
    return EmailText(
        language=language,
        subject=say.rejected_subject.format(practice=practice.name),
        heading=say.rejected,
        greeting=_greeting(language, request),
        opening=(say.reasons.get(reason, say.reason) if reason else say.reason,),
        slot=request.requested,
        slot_label=say.requested,
        facts=(),
        closing=(_with_phone(say.questions, say.questions_by_phone, practice),),
    )


def _cancellation(email: Email, request: Request, practice: Practice) -> EmailText:
    language = LANGUAGES[practice.language]
    say = language.sentences
    # Only a request that waits again may promise an answer; by now it may have been rejected or withdrawn.
    promise = (say.back_in_touch,) if request.status is Status.PENDING else ()
    return EmailText(
        language=language,
        subject=say.cancelled_subject.format(practice=practice.name),
        heading=say.cancelled,
        greeting=_greeting(language, request),
        opening=(say.void,),
        slot=email.taken_back,
        slot_label=say.void_when,
        facts=(),
        closing=(
            *promise,
            _with_phone(say.questions, say.questions_by_phone, practice),
            say.calendar_remove,
            say.sorry,
        ),
    )


def _facts(language: Language, slot: Slot, practice: Practice) -> Iterator[tuple[str, str]]:
    say = language.sentences
    yield say.length, language.length(slot.duration_minutes)
    practitioner = practice.practitioner(slot.practitioner_id)
    if practitioner:
        yield say.practitioner, practitioner.name
    if practice.address:
        yield say.where, practice.address


def _greeting(language: Language, request: Request) -> str:
    """By name, if it is one: anybody may type anything into the public form, links included, and we sign the letter."""
    name = " ".join(request.patient.first_name.split())
    say = language.sentences
    return say.greeting_by_name.format(name=name) if _NAME.fullmatch(name) else say.greeting


def _with_phone(plain: str, by_phone: str, practice: Practice) -> str:
    return by_phone.format(phone=format_national(practice.phone)) if practice.phone else plain
