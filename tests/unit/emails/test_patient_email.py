"""E-mails to patients, in both languages."""

import re
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default as default_policy
from email.utils import parseaddr
from typing import Any

import pytest

from bookings.domain.kernel.wall_time import get_zone
from bookings.domain.outbox.email import Email, EmailKind
from bookings.domain.outbox.email_delivery import MimeEmail, Undeliverable
from bookings.domain.practice.practice import Practice
from bookings.domain.requests.patient import Patient
from bookings.domain.requests.request import RejectionReason, Request
from bookings.emails.languages.english import English
from bookings.emails.languages.french import French
from bookings.emails.patient_email import PatientEmailRenderer
from tests.support.email_builders import (
    NOW,
    SENDER,
    a_cancellation,
    a_french_practice,
    a_practice,
    a_rejected_request,
    a_reopened_email,
    a_request,
    a_slot,
    a_wrong_appointment_email,
    an_accepted_request,
    an_email,
)

KINDS = (
    EmailKind.CONFIRMATION, EmailKind.REJECTION, EmailKind.CANCELLATION, EmailKind.WRONG_APPOINTMENT,
    EmailKind.REOPENED,
)  # fmt: skip


def mime_email(email: Email, request: Request, practice: Practice | None = None) -> MimeEmail:
    return PatientEmailRenderer(SENDER)(email, request, practice or a_practice(), NOW)


def rendered(email: Email, request: Request, practice: Practice | None = None) -> EmailMessage:
    message = mime_email(email, request, practice).message
    return message_from_bytes(message, _class=EmailMessage, policy=default_policy)


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


def html(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part
    content: str = part.get_content()
    return content


def of_kind(kind: EmailKind, practice: Practice | None = None, patient: Patient | None = None) -> EmailMessage:
    practice = practice or a_practice()
    changes: dict[str, Any] = {"requested": a_slot(15, 0, practice=practice)}
    if patient:
        changes["patient"] = patient
    slot = a_slot(practice=practice)
    match kind:
        case EmailKind.CONFIRMATION:
            return rendered(an_email(), an_accepted_request(**changes, accepted=slot), practice)
        case EmailKind.REJECTION:
            return rendered(an_email(kind), a_rejected_request(**changes), practice)
        case EmailKind.CANCELLATION:
            return rendered(a_cancellation(taken_back=slot), a_request(**changes, outbox_id="mail_2"), practice)
        case EmailKind.WRONG_APPOINTMENT:
            email = a_wrong_appointment_email(taken_back=slot)
            return rendered(email, a_request(**changes, outbox_id="mail_2"), practice)
        case EmailKind.REOPENED:
            return rendered(a_reopened_email(), a_request(**changes, outbox_id="mail_2"), practice)
        case _:
            raise AssertionError(kind)


def test_a_confirmation_in_english() -> None:
    assert text(of_kind(EmailKind.CONFIRMATION)) == (
        "Hello Jane,\n"
        "\n"
        "Your appointment is confirmed.\n"
        "\n"
        "Please note that the time below is not the one you asked for.\n"
        "\n"
        "    When: Wednesday, July 15, 2026 at 2:30 PM (Vancouver time, UTC−7)\n"
        "    Length: 1 hour\n"
        "    With: Dr. Maya Chen\n"
        "    Where: 1188 Quay Street, Vancouver, BC V6B 0A1\n"
        "\n"
        "If this time does not suit you, please call us at (604) 555-0100.\n"
        "\n"
        "Open the attached file to add the appointment to your calendar.\n"
        "\n"
        "We look forward to seeing you.\n"
        "\n"
        "-- \n"
        "Harbour Dental\n"
        "1188 Quay Street, Vancouver, BC V6B 0A1\n"
        "(604) 555-0100\n"
        "\n"
        "This e-mail was sent automatically, and replies to it are not read.\n"
    )


def test_a_cancellation_in_french() -> None:
    assert text(of_kind(EmailKind.CANCELLATION, a_french_practice())) == (
        "Bonjour Jane,\n"
        "\n"
        "Votre rendez-vous n’est plus confirmé.\n"
        "\n"
        "La confirmation que nous vous avons envoyée n’est plus valable. "
        "Veuillez ne pas vous présenter à ce rendez-vous.\n"
        "\n"
        "    Ce moment ne vous est plus réservé\N{NO-BREAK SPACE}: "
        "mercredi 15 juillet 2026 à 14 h 30 (heure de Toronto, UTC−4)\n"
        "\n"
        "Votre demande n’est pas perdue. Nous l’examinons de nouveau et vous tiendrons au courant.\n"
        "\n"
        "Pour toute question, ou pour convenir d’un autre moment, veuillez nous appeler au (514) 555-0100.\n"
        "\n"
        "Ouvrez le fichier ci-joint pour retirer le rendez-vous de votre calendrier.\n"
        "\n"
        "Veuillez nous excuser pour ce contretemps.\n"
        "\n"
        "-- \n"
        "Clinique Saint-Laurent\n"
        "4020, boul. Saint-Laurent, Montréal (Québec) H2W 1Y8\n"
        "(514) 555-0100\n"
        "\n"
        "Ce courriel a été envoyé automatiquement; les réponses ne sont pas lues.\n"
    )


def test_an_undone_link_takes_back_the_time_and_no_visit() -> None:
    assert text(of_kind(EmailKind.WRONG_APPOINTMENT)) == (
        "Hello Jane,\n"
        "\n"
        "We confirmed the wrong appointment.\n"
        "\n"
        "The appointment in our earlier e-mail was not meant for your request. That was our mistake.\n"
        "\n"
        "Your request is being looked at, and we will be in touch.\n"
        "\n"
        "A visit that you arranged with us otherwise stands.\n"
        "\n"
        "    In our earlier e-mail: Wednesday, July 15, 2026 at 2:30 PM (Vancouver time, UTC−7)\n"
        "\n"
        "If you have a question, or would like another time, please call us at (604) 555-0100.\n"
        "\n"
        "Open the attached file to take only the entry of that e-mail out of your calendar.\n"
        "\n"
        "We are sorry for the trouble.\n"
        "\n"
        "-- \n"
        "Harbour Dental\n"
        "1188 Quay Street, Vancouver, BC V6B 0A1\n"
        "(604) 555-0100\n"
        "\n"
        "This e-mail was sent automatically, and replies to it are not read.\n"
    )


@pytest.mark.parametrize(
    ("practice", "never"),
    [(a_practice(), ("do not come", "line-through")), (a_french_practice(), ("ne pas vous présenter", "line-through"))],
)
def test_an_undone_link_never_asks_the_patient_to_stay_away(practice: Practice, never: tuple[str, ...]) -> None:
    """The appointment is still in the PMS, and may be another visit of this patient."""
    message = of_kind(EmailKind.WRONG_APPOINTMENT, practice)
    assert not [one for one in never if one in text(message) or one in html(message)]


def test_an_undone_link_announces_an_answer_only_while_the_request_is_pending() -> None:
    closed = a_rejected_request(outbox_id="mail_2")
    assert "in touch" not in text(rendered(a_wrong_appointment_email(), closed))


def test_a_request_that_is_open_again_in_french() -> None:
    email = text(of_kind(EmailKind.REOPENED, a_french_practice()))
    assert "Votre demande est de nouveau ouverte.\n" in email
    assert "Nous examinons de nouveau votre demande et vous tiendrons au courant." in email
    assert "mercredi 15 juillet 2026 à 15 h (heure de Toronto, UTC−4)" in email


def test_a_rejection_gives_the_reason_and_the_requested_time() -> None:
    email = text(of_kind(EmailKind.REJECTION))
    assert "We are sorry, but we have no opening at the time you asked for." in email
    assert "You asked for: Wednesday, July 15, 2026 at 3:00 PM (Vancouver time, UTC−7)" in email


@pytest.mark.parametrize("reason", list(RejectionReason))
@pytest.mark.parametrize("practice", [a_practice(), a_french_practice()], ids=["en", "fr"])
def test_a_rejection_never_contains_the_internal_note(practice: Practice, reason: RejectionReason) -> None:
    message = rendered(an_email(EmailKind.REJECTION), a_rejected_request(reason), practice)
    for part in (text(message), html(message)):
        assert not re.search("rude|spam|tooth", part)


def test_a_confirmation_as_requested_mentions_no_other_time() -> None:
    message = rendered(an_email(), an_accepted_request(accepted=a_slot(15, 0)))
    assert "asked for" not in text(message)


def test_a_confirmation_contains_only_the_confirmed_time() -> None:
    assert set(re.findall(r"\d+:\d\d [AP]M", text(of_kind(EmailKind.CONFIRMATION)))) == {"2:30 PM"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("practice", "shown"),
    [(a_practice(), "Vancouver time, UTC−7"), (a_french_practice(), "heure de Toronto, UTC−4")],
    ids=["en", "fr"],
)
def test_every_time_is_shown_with_its_zone(kind: EmailKind, practice: Practice, shown: str) -> None:
    message = of_kind(kind, practice)
    assert shown in text(message)
    assert shown in html(message)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("practice", [a_practice(), a_french_practice()], ids=["en", "fr"])
def test_the_html_part_contains_the_text_part(kind: EmailKind, practice: Practice) -> None:
    message = of_kind(kind, practice)
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html(message)))
    for line in text(message).splitlines():
        for piece in re.split(r"\N{NO-BREAK SPACE}?: |, UTC| \(| at | à ", line.strip(" ()-")):
            assert piece.strip().rstrip(".)") in shown, piece


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("practice", [a_practice(), a_french_practice()], ids=["en", "fr"])
def test_subject_and_calendar_file_have_no_clinical_data_and_no_name(kind: EmailKind, practice: Practice) -> None:
    message = of_kind(kind, practice)
    files = [(part.get_payload(decode=True) or b"").decode() for part in message.iter_attachments()]  # type: ignore[union-attr]
    entries = [re.sub(r"ATTENDEE.*?mailto:\S+", "", file, flags=re.DOTALL) for file in files]
    for shown in (str(message["subject"]), *entries):
        assert practice.name in shown
        assert not re.search("Jane|Doe|root|tooth|svc", shown)


@pytest.mark.parametrize("practice", [a_practice(), a_french_practice()], ids=["en", "fr"])
def test_an_email_declares_its_language(practice: Practice) -> None:
    message = of_kind(EmailKind.REJECTION, practice)
    assert message["Content-Language"] == practice.language
    assert f'<html lang="{practice.language}">' in html(message)


def test_missing_phone_and_address_leave_complete_sentences() -> None:
    for kind in KINDS:
        shown = text(of_kind(kind, a_practice(phone=None, address=None)))
        assert "please call us." in shown
        assert not re.search("None|Where", shown)


def test_an_unknown_practitioner_is_left_out() -> None:
    assert "With" not in text(of_kind(EmailKind.CONFIRMATION, a_practice(practitioners=())))


def test_a_cancellation_without_its_time_is_still_complete() -> None:
    message = rendered(a_cancellation(taken_back=None), a_request(outbox_id="mail_2"))
    assert "The confirmation that we sent you does not hold any more." in text(message)
    assert "UTC" not in text(message) + html(message)


@pytest.mark.parametrize(
    "name",
    [
        "Anne-Marie", "O’Brien", "J. R.", "Zoé", "Zoe\u0308", "李", "Mary Jane", "वैष्णवी", "தமிழ்", "สมชาย", "مُحَمَّد",
        "علی\u200cرضا", "Kaʻahumanu", "Gal·la", "ジャン・ポール",
    ],
)  # fmt: skip
def test_patients_are_greeted_by_first_name(name: str) -> None:
    patient = Patient(first_name=name, last_name="Doe", email="jane@example.com")
    assert text(of_kind(EmailKind.CONFIRMATION, patient=patient)).startswith(f"Hello {name},\n")


@pytest.mark.parametrize(
    "name",
    ["evil.example", "https://evil.example", "Jane, win 1000", "<b>Jane</b>", "J" * 50, "evil。example", "-.-"],
)
def test_a_suspicious_name_is_not_repeated(name: str) -> None:
    patient = Patient(first_name=name, last_name="Doe", email="jane@example.com")
    message = of_kind(EmailKind.CONFIRMATION, patient=patient)
    assert text(message).startswith("Hello,\n")
    assert name not in html(message)


def test_html_in_a_name_is_escaped() -> None:
    shown = html(of_kind(EmailKind.CONFIRMATION, a_practice(name="<script>alert(1)</script> & Sons")))
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_line_break_in_a_name_adds_no_header() -> None:
    message = of_kind(EmailKind.CONFIRMATION, a_practice(name="Harbour\r\nBcc: all@example.com"))
    assert message["Bcc"] is None
    assert message["From"].addresses[0].display_name == "Harbour Bcc: all@example.com"


@pytest.mark.parametrize(
    "name", ["Clinique dentaire Côté, Lévesque & Associés – Saint-Jean-sur-Richelieu", 'The "Tooth" (Inc.)']
)
def test_every_practice_name_is_encoded_in_headers(name: str) -> None:
    raw = mime_email(an_email(), an_accepted_request(), a_practice(name=name)).message
    headers = raw.split(b"\r\n\r\n")[0].decode("ascii")
    assert all(len(line) <= 78 for line in headers.splitlines())
    # The older of Python's two readers: the newer one keeps the space between two encoded words (RFC 2047 §6.2).
    message = message_from_bytes(raw)
    shown, address = parseaddr(message["From"].replace("\r\n", ""))
    assert (str(make_header(decode_header(shown))), address) == (name, SENDER)
    assert str(make_header(decode_header(message["Subject"]))) == f"Your appointment at {name} is confirmed"


def test_lines_end_with_crlf() -> None:
    raw = mime_email(an_email(), an_accepted_request()).message
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_non_ascii_domain_is_punycode() -> None:
    patient = Patient(first_name="Zoé", last_name="Doe", email="zoe@exämple.com")
    assert mime_email(an_email(), an_accepted_request(patient=patient)).addresses == ("zoe@xn--exmple-cua.com",)


def test_a_patient_without_a_first_name_is_greeted_without_one() -> None:
    patient = Patient(last_name="Sukarni", email="sukarni@example.com")
    assert text(of_kind(EmailKind.CONFIRMATION, patient=patient)).startswith("Hello,\n")


@pytest.mark.parametrize("address", ["zoë@example.com", "jane..x@example.com", "jane@example", "not an address"])
def test_an_address_that_was_stored_before_it_was_refused_is_undeliverable(address: str) -> None:
    patient = Patient(first_name="Jane", last_name="Doe", email=address)
    with pytest.raises(Undeliverable, match="address_unusable"):
        mime_email(an_email(), an_accepted_request(patient=patient))


@pytest.mark.parametrize(
    ("wall", "name", "english", "french"),
    [
        (
            "2026-07-15T14:30",
            "America/Vancouver",
            "2:30 PM (Vancouver time, UTC−7)",
            "14 h 30 (heure de Vancouver, UTC−7)",
        ),
        ("2026-12-15T09:00", "America/Vancouver", "9:00 AM (Vancouver time, UTC−7)", "9 h (heure de Vancouver, UTC−7)"),
        ("2026-12-15T12:05", "America/Toronto", "12:05 PM (Toronto time, UTC−5)", "12 h 05 (heure de Toronto, UTC−5)"),
        ("2026-12-15T00:15", "America/Edmonton", "12:15 AM (Edmonton time, UTC−6)", "0 h 15 (heure d’Edmonton, UTC−6)"),
        (
            "2026-01-15T08:00",
            "America/St_Johns",
            "8:00 AM (St. John’s time, UTC−3:30)",
            "8 h (heure de Saint-Jean, UTC−3:30)",
        ),
        ("2026-01-15T08:00", "Europe/London", "8:00 AM (London time, UTC+0)", "8 h (heure de Londres, UTC+0)"),
    ],
)
def test_times_are_in_the_local_style(wall: str, name: str, english: str, french: str) -> None:
    moment = datetime.fromisoformat(wall).replace(tzinfo=get_zone(name))
    assert English().moment(moment).endswith(f" at {english}")
    assert French().moment(moment).endswith(f" à {french}")


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        ("2026-01-01", "Thursday, January 1, 2026", "jeudi 1er janvier 2026"),
        ("2026-02-08", "Sunday, February 8, 2026", "dimanche 8 février 2026"),
        ("2026-08-31", "Monday, August 31, 2026", "lundi 31 août 2026"),
        ("2026-12-12", "Saturday, December 12, 2026", "samedi 12 décembre 2026"),
    ],
)
def test_days_are_in_the_local_style(day: str, english: str, french: str) -> None:
    moment = datetime.fromisoformat(day).replace(tzinfo=get_zone("America/Toronto"))
    assert (English().date(moment), French().date(moment)) == (english, french)


@pytest.mark.parametrize(
    ("minutes", "english", "french"),
    [
        (45, "45 minutes", "45 minutes"),
        (60, "1 hour", "1 heure"),
        (90, "1 hour 30 minutes", "1 h 30"),
        (120, "2 hours", "2 heures"),
        (125, "2 hours 5 minutes", "2 h 05"),
    ],
)
def test_durations_are_in_the_local_style(minutes: int, english: str, french: str) -> None:
    assert (English().length(minutes), French().length(minutes)) == (english, french)


def test_no_text_is_missing_in_either_language() -> None:
    for language in (English(), French()):
        assert all(vars(language.sentences).values())
    assert English().sentences.reasons.keys() == French().sentences.reasons.keys()
