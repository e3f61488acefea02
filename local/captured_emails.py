"""The e-mails that the local stack sent: parses them from SES calls, stores them, and shows them on an HTML page."""

import base64
import email
import email.policy
import json
import os
from collections.abc import Mapping
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from jinja2 import Environment

Email = dict[str, Any]
"""`to`, `subject`, `text`, `html` and `attachments`, as in the response of `GET /local/emails`."""

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Chairlink: local inbox</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
  article { border-top: 1px solid #8888; padding: 1rem 0; }
  h2 { font-size: 1.1rem; margin: 0; }
  p { margin: 0 0 .5rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8882; padding: .75rem; }
  iframe { width: 100%; height: 22rem; border: 1px solid #8888; background: #fff; }
</style>
<h1>Local inbox</h1>
{% for each in emails | reverse %}
<article>
  <h2>{{ each.subject }}</h2>
  <p>to {{ each.to | join(", ") }}</p>
  {% if each.html %}<iframe sandbox title="{{ each.subject }}" srcdoc="{{ each.html }}"></iframe>{% endif %}
  <details {{ "open" if not each.html }}><summary>Plain text</summary><pre>{{ each.text }}</pre></details>
  {% for file in each.attachments %}
  <details><summary>{{ file.filename }} ({{ file.content_type }})</summary><pre>{{ file.content }}</pre></details>
  {% endfor %}
</article>
{% else %}
<p>No e-mails have been sent yet.</p>
{% endfor %}
"""


class CapturedEmails:
    """The captured e-mails in a file, so that they survive a restart.

    A line that was cut off, by a kill or a full disk, is skipped, and the next e-mail begins on a line of its own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def all(self) -> list[Email]:
        """All captured e-mails, newest last."""
        with self._lock:
            lines = self._path.read_text(errors="replace").split("\n") if self._path.exists() else []
        return [email for line in lines if (email := _parse_line(line))]

    def add(self, email: Email) -> None:
        """Append an e-mail."""
        with self._lock, self._path.open("ab+") as file:
            is_cut_off = file.tell() > 0 and _last_byte(file) != b"\n"
            file.write(b"\n" * is_cut_off + json.dumps(email).encode() + b"\n")

    def html_page(self) -> str:
        """An HTML page of all e-mails, newest first. Its HTML bodies are in sandboxed frames that run no scripts."""
        return Environment(autoescape=True).from_string(_PAGE).render(emails=self.all())


def _last_byte(file: BinaryIO) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def _parse_line(line: str) -> Email | None:
    try:
        email = json.loads(line)
    except ValueError:
        return None
    return email if isinstance(email, dict) else None


def parse_send_email_call(call: Mapping[str, Any]) -> Email:
    """The e-mail in the body of an SES v2 SendEmail call with `Raw` or `Simple` content."""
    content, recipients = call["Content"], call.get("Destination", {}).get("ToAddresses", [])
    if "Raw" in content:
        return _parse_raw(base64.b64decode(content["Raw"]["Data"]), recipients)
    simple = content["Simple"]
    body = simple["Body"]
    return {
        "to": recipients,
        "subject": simple["Subject"]["Data"],
        "text": body.get("Text", {}).get("Data", ""),
        "html": body.get("Html", {}).get("Data", ""),
        "attachments": [
            {
                "filename": each["FileName"],
                "content_type": each.get("ContentType", "application/octet-stream"),
                "content": base64.b64decode(each["RawContent"]).decode(errors="replace"),
            }
            for each in simple.get("Attachments", [])
        ],
    }


def _parse_raw(raw: bytes, recipients: list[str]) -> Email:
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    bodies = {id(part) for part in (text, html)}
    attachments = [part for part in message.walk() if not part.is_multipart() and id(part) not in bodies]
    return {
        "to": recipients or [address.addr_spec for address in message["to"].addresses],
        "subject": str(message["subject"]),
        "text": _text_of(text),
        "html": _text_of(html),
        "attachments": [
            {
                "filename": part.get_filename() or "",
                "content_type": part.get_content_type(),
                "content": (part.get_payload(decode=True) or b"").decode(errors="replace"),  # type: ignore[union-attr]
            }
            for part in attachments
        ],
    }


def _text_of(part: MIMEPart | None) -> str:
    """The text of a MIME part, with LF line endings instead of the CRLF of MIME."""
    content: str = part.get_content() if part else ""
    return content.replace("\r\n", "\n")
