"""The headers of the raw message, on every version of Python."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default as default_policy
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.kernel.personal_data import clean_line
from bookings.emails.mime_message import CalendarAttachment, MimeContent, to_mime
from tests.support.email_builders import NOW, SENDER

TO = "jane@example.com"

NAMES = [
    "Harbour Dental",
    "Smith, Jones & Partners Family and Cosmetic Dentistry, Orthodontics and Implants (Vancouver)",
    'The "Tooth" (Inc.), Dr. O\'Neil <info@example.com>',
    "a, b, c, d@example.com, e <f@example.com>; g: h;",
    "=?utf-8?q?x=0D=0ABcc:_all@example.com?= Dental",
    "=?utf-8?b?IiwgYWxsQGV4YW1wbGUuY29t?=",
    "Harbour\r\nBcc: all@example.com",
    "Harbour\u0000\u0007Dental\u0085\u2028\u202eLtd",
    "Clinique dentaire Côté, Lévesque & Associés – Saint-Jean-sur-Richelieu, Québec, Gatineau et Trois-Rivières",
    "歯科," * 33,
    "a" * 100,
    '"' * 100,
    "\\" * 99,
    "😀" * 100,
    "\u200b",
    "",
]


def raw_headers(name: str, *, subject: str = "Your appointment", recipients: tuple[str, ...] = (TO,)) -> list[str]:
    """The unfolded header fields of the raw message."""
    content = MimeContent(name, SENDER, recipients, subject, "text", "<p>text</p>", "en")
    head = to_mime(content, NOW, CalendarAttachment("BEGIN:VCALENDAR", "REQUEST")).split(b"\r\n\r\n")[0].decode("ascii")
    assert "\n" not in head.replace("\r\n", "")
    assert "\r" not in head.replace("\r\n", "")
    return head.replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n")


def field(headers: list[str], name: str) -> str:
    (value,) = (header.partition(": ")[2] for header in headers if header.lower().startswith(f"{name.lower()}:"))
    return value


def field_names(headers: list[str]) -> set[str]:
    return {header.partition(":")[0] for header in headers}


USUAL_FIELDS = field_names(raw_headers("Harbour Dental"))


def senders(headers: list[str]) -> list[tuple[str, str]]:
    """The senders as Python's stricter parser reads them."""
    message = message_from_bytes(
        f"From: {field(headers, 'From')}\r\n\r\n".encode(), _class=EmailMessage, policy=default_policy
    )
    return [(address.display_name, address.addr_spec) for address in message["From"].addresses]


@pytest.mark.parametrize("name", NAMES)
def test_a_message_has_one_sender_whatever_its_name(name: str) -> None:
    headers = raw_headers(name)
    assert [address for _, address in senders(headers)] == [SENDER]
    assert field_names(headers) == USUAL_FIELDS


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_the_sender_is_shown_as_it_is(name: str) -> None:
    shown, address = parseaddr(field(raw_headers(name), "From"))
    assert (str(make_header(decode_header(shown))), address) == (clean_line(name), SENDER)


@given(st.text(max_size=120))
def test_no_name_makes_another_sender_or_header(name: str) -> None:
    headers = raw_headers(name, subject=f"Your appointment at {name}")
    assert [address for _, address in senders(headers)] == [SENDER]
    assert field_names(headers) == USUAL_FIELDS


@pytest.mark.parametrize("name", NAMES)
def test_a_subject_is_shown_as_it_is(name: str) -> None:
    subject = field(raw_headers("Harbour", subject=f"Your appointment at {name}"), "Subject")
    assert str(make_header(decode_header(subject))) == clean_line(f"Your appointment at {name}")


@pytest.mark.parametrize(
    "recipients",
    [
        (TO,),
        ("o'brien+dentist@example.com", "b@example.com"),
        ("a" * 64 + "@" + "abcdefgh." * 20 + "com",),
        tuple(f"{'manager' * 8}{number}@example.com" for number in range(10)),
    ],
)
def test_a_message_goes_to_exactly_its_recipients(recipients: tuple[str, ...]) -> None:
    to = field(raw_headers("Harbour", recipients=recipients), "To")
    assert [address.strip() for address in to.split(",")] == list(recipients)
