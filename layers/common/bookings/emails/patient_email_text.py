"""The text of each e-mail to a patient, in the practice's language; `templates/` has the layout."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bookings.domain.kernel.phone_numbers import format_national
from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.outbox.email_delivery import Undeliverable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.request import Request, Status
from bookings.domain.scheduling.slot import Slot
from bookings.emails.languages import LANGUAGES
from bookings.emails.languages.language import Language

_MAX_GREETED_LETTERS = 40
_NAME_PUNCTUATION = " -‐‑'’‘`´·・"
_JOINERS = "\u200c\u200d"
"""They join or separate the letters of Persian and Indic names. Intake removes them everywhere else."""

_ABBREVIATION = re.compile(r"\.(?= |$)")


@dataclass(frozen=True)
class EmailText:
    """The text of one e-mail. It has one time only, that of `slot`, so that patients cannot take the wrong one."""

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
    """The text of the e-mail; raises Undeliverable if the text would no longer be true."""
    match email.kind:
        case EmailKind.CONFIRMATION:
            return _confirmation(request, practice, now)
        case EmailKind.REJECTION:
            return _rejection(request, practice)
        case EmailKind.CANCELLATION:
            return _cancellation(email, request, practice)
        case EmailKind.WRONG_APPOINTMENT:
            return _wrong_appointment(email, request, practice)
        case EmailKind.REOPENED:
            return _reopened(request, practice)
        case _:
            raise ValueError(f"{email.kind} is not an e-mail to a patient")


def _confirmation(request: Request, practice: Practice, now: datetime) -> EmailText:
    language = LANGUAGES[practice.language]
    sentences = language.sentences
    slot = request.accepted
    if slot is None or request.appointment_status == "cancelled":
        raise Undeliverable("appointment_cancelled")
    if slot.ends <= now:
        raise Undeliverable("appointment_past")
    has_moved = _has_moved(request, slot)
    has_other_time = slot.begins != request.requested.begins
    return EmailText(
        language=language,
        subject=(sentences.moved_subject if has_moved else sentences.confirmed_subject).format(practice=practice.name),
        heading=sentences.moved if has_moved else sentences.confirmed,
        greeting=_greeting(language, request),
        opening=(sentences.replaces_time,) if has_moved else (sentences.other_time,) if has_other_time else (),
        slot=slot,
        slot_label=sentences.when,
        facts=tuple(_facts(language, slot, practice)),
        closing=(
            _with_phone(sentences.change, sentences.change_by_phone, practice),
            sentences.calendar_update if has_moved else sentences.calendar_add,
            sentences.welcome,
        ),
    )


def _has_moved(request: Request, slot: Slot) -> bool:
    """Whether an e-mail that may have arrived confirmed another start."""
    told = request.last_notification
    confirmed = told.confirmed_slot if told and told.status != "failed" else None
    return confirmed is not None and confirmed.begins != slot.begins


def _rejection(request: Request, practice: Practice) -> EmailText:
    language = LANGUAGES[practice.language]
    sentences = language.sentences
    reason = request.decision.reason if request.decision else None
    return EmailText(
        language=language,
        subject=sentences.rejected_subject.format(practice=practice.name),
        heading=sentences.rejected,
        greeting=_greeting(language, request),
        opening=(sentences.reasons.get(reason, sentences.reason) if reason else sentences.reason,),
        slot=request.requested,
        slot_label=sentences.requested,
        facts=(),
        closing=(_with_phone(sentences.questions, sentences.questions_by_phone, practice),),
    )


def _cancellation(email: Email, request: Request, practice: Practice) -> EmailText:
    language = LANGUAGES[practice.language]
    sentences = language.sentences
    # Only a pending request will get an answer. By now it may have been rejected or withdrawn.
    announced_answer = (sentences.back_in_touch,) if request.status is Status.PENDING else ()
    return EmailText(
        language=language,
        subject=sentences.cancelled_subject.format(practice=practice.name),
        heading=sentences.cancelled,
        greeting=_greeting(language, request),
        opening=(sentences.void,),
        slot=email.taken_back,
        slot_label=sentences.void_when,
        facts=(),
        closing=(
            *announced_answer,
            _with_phone(sentences.questions, sentences.questions_by_phone, practice),
            sentences.calendar_remove,
            sentences.sorry,
        ),
    )


def _wrong_appointment(email: Email, request: Request, practice: Practice) -> EmailText:
    """It never asks the patient to stay away: the appointment is still in the PMS, and may be one of theirs."""
    language = LANGUAGES[practice.language]
    sentences = language.sentences
    announced_answer = (sentences.looked_at,) if request.status is Status.PENDING else ()
    return EmailText(
        language=language,
        subject=sentences.wrong_appointment_subject.format(practice=practice.name),
        heading=sentences.wrong_appointment,
        greeting=_greeting(language, request),
        opening=(sentences.not_yours, *announced_answer, sentences.otherwise_stands),
        slot=email.taken_back,
        slot_label=sentences.wrong_when,
        facts=(),
        closing=(
            _with_phone(sentences.questions, sentences.questions_by_phone, practice),
            sentences.calendar_remove_entry,
            sentences.sorry,
        ),
    )


def _reopened(request: Request, practice: Practice) -> EmailText:
    language = LANGUAGES[practice.language]
    sentences = language.sentences
    return EmailText(
        language=language,
        subject=sentences.reopened_subject.format(practice=practice.name),
        heading=sentences.reopened,
        greeting=_greeting(language, request),
        opening=(sentences.open_again,),
        slot=request.requested,
        slot_label=sentences.requested,
        facts=(),
        closing=(_with_phone(sentences.questions, sentences.questions_by_phone, practice), sentences.sorry),
    )


def _facts(language: Language, slot: Slot, practice: Practice) -> Iterator[tuple[str, str]]:
    sentences = language.sentences
    yield sentences.length, language.length(slot.duration_minutes)
    practitioner = practice.practitioner(slot.practitioner_id)
    if practitioner:
        yield sentences.practitioner, practitioner.name
    if practice.address:
        yield sentences.where, practice.address


def _greeting(language: Language, request: Request) -> str:
    """A greeting with the first name, but only if it looks like one: the public form accepts any text, also links."""
    name = " ".join((request.patient.first_name or "").split())
    sentences = language.sentences
    return sentences.greeting_by_name.format(name=name) if _looks_like_name(name) else sentences.greeting


def _looks_like_name(text: str) -> bool:
    """Whether it is letters with their marks, and the punctuation that stands in names. A link is not."""
    letters = [char for char in _ABBREVIATION.sub("", text) if unicodedata.category(char)[0] != "M"]
    return (
        bool(letters)
        and text[0].isalpha()
        and len(letters) <= _MAX_GREETED_LETTERS
        and all(char.isalpha() or char in _NAME_PUNCTUATION or char in _JOINERS for char in letters)
    )


def _with_phone(without_phone: str, by_phone: str, practice: Practice) -> str:
    """The sentence with the practice's phone number, or the one without if there is none."""
    return by_phone.format(phone=format_national(practice.phone)) if practice.phone else without_phone
