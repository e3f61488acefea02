"""Build a MIME message with exactly one sender, whatever the practice's name is.

Python folds a long display name so that its commas separate senders (python/cpython#87720), and its parser decodes an
encoded word that stands in a name, line breaks included (CVE-2024-6923). So `From` and `Subject` are encoded here, in
the same way on every version of Python, and `EmailMessage` never sees their text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bookings.domain.kernel.personal_data import clean_line

_LINE_LENGTH = 76
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/^_{|}~-]+( [A-Za-z0-9!#$%&'*+/^_{|}~-]+)*")
"""Atoms (RFC 5322 §3.2.3) that need neither quotes nor encoding. Without `=` and `?` there is no encoded word."""


@dataclass(frozen=True)
class MimeContent:
    """What a message says: its headers and both text parts."""

    sender_name: str
    sender: str
    recipients: Sequence[str]
    """Addresses in ASCII."""
    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True)
class CalendarAttachment:
    """A calendar file with its METHOD."""

    file: str
    method: str


def to_mime(content: MimeContent, now: datetime, calendar: CalendarAttachment | None = None) -> bytes:
    """The message as SES sends it."""
    message = EmailMessage(policy=SMTP)
    message["To"] = [Address(addr_spec=address) for address in content.recipients]
    message["Date"] = format_datetime(now.astimezone(UTC))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(content.text, cte="quoted-printable")
    message.add_alternative(content.html, subtype="html", cte="quoted-printable")
    if calendar:
        # Attached, not an alternative part: Outlook would show the invitation instead of the text.
        message.add_attachment(
            calendar.file,
            subtype="calendar",
            params={"method": calendar.method},
            filename="appointment.ics",
            cte="base64",
        )
    # Last, because setting the content resets the Content-* headers.
    message["Content-Language"] = content.language
    sender = f"From: {_phrase(content.sender_name)}<{content.sender}>"
    subject = f"Subject: {_encode(content.subject, 'Subject')}"
    return f"{sender}\r\n{subject}\r\n".encode("ascii") + message.as_bytes()


def _phrase(name: str) -> str:
    """The display name before an address, with the space or the line break between them."""
    name = clean_line(name)
    if len(name) < _LINE_LENGTH // 2 and _PLAIN_PHRASE.fullmatch(name):
        return f"{name} "
    return f"{_encode(name, 'From', 'utf-8')}\r\n " if name else ""


def _encode(text: str, header: str, charset: str | None = None) -> str:
    """The text in as many encoded words as it needs (RFC 2047), or as it is if it is plain ASCII."""
    text = clean_line(text)
    charset = charset or ("us-ascii" if text.isascii() and "=?" not in text else "utf-8")
    return Header(text, charset, maxlinelen=_LINE_LENGTH, header_name=header).encode(linesep="\r\n")
