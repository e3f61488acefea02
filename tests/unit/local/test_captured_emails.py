"""The captured e-mails survive a line that was cut off."""

from pathlib import Path

import pytest

from local.captured_emails import CapturedEmails, Email


def an_email(subject: str) -> Email:
    return {"to": ["ada@example.com"], "subject": subject, "text": "…", "html": "", "attachments": []}


@pytest.mark.parametrize("cut", ["", "{", '{"to": ["ada@exam', '"text"', "7", "\x00\x00"])
def test_a_line_that_was_cut_off_is_skipped(tmp_path: Path, cut: str) -> None:
    emails = CapturedEmails(tmp_path / "emails.jsonl")
    emails.add(an_email("first"))
    with (tmp_path / "emails.jsonl").open("a") as file:
        file.write(cut)
    assert [email["subject"] for email in emails.all()] == ["first"]
    emails.add(an_email("second"))
    assert [email["subject"] for email in emails.all()] == ["first", "second"]
    assert "second" in emails.html_page()


def test_without_a_file_there_are_no_emails(tmp_path: Path) -> None:
    assert CapturedEmails(tmp_path / "emails.jsonl").all() == []
