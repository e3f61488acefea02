"""Letters to a practice's own people: what waits too long, and reports. They name no patient."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bookings.domain.outbox.email import Email, OverdueRequests
from bookings.domain.outbox.email_delivery import MimeEmail, Undeliverable
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.scheduled_report import ScheduledReport
from bookings.emails.email_texts import LANGUAGES
from bookings.emails.patient_email import TEMPLATES, one_line, to_address

_TEXT = TEMPLATES.get_template("notice.txt")
_HTML = TEMPLATES.get_template("notice.html")

MAX_LISTED_REQUESTS = 10
"""Requests that a letter lists; of more it tells the number."""


Link = Callable[[ScheduledReport], str]
"""Where a report can be opened for some hours."""


@dataclass(frozen=True)
class StaffEmailText:
    """One letter, put into words: what is the matter, the facts in lines, and what to do."""

    subject: str
    heading: str
    opening: str
    lines: tuple[str, ...]
    closing: str
    link: str | None = None
    link_label: str = ""


@dataclass(frozen=True)
class _Sentences:
    """What one language says of requests that wait. `{count}`, `{target}`, `{start}` and `{since}` are filled in."""

    one_waits: str
    some_wait: str
    target: str
    line: str
    and_more: str
    decide: str
    unread: str
    report_of_day: str
    report_of_days: str
    booked: str
    rate: str
    before: str
    open_report: str
    link_ends: str


_TEXTS: Mapping[str, _Sentences] = {
    "en": _Sentences(
        one_waits="1 booking request is waiting for an answer",
        some_wait="{count} booking requests are waiting for an answer",
        target="Your practice wants to answer within {target}. This is over for:",
        line="{start}, asked {since}",
        and_more="and {count} more",
        decide="Please decide about them in Chairlink. We tell you of each request only once.",
        unread="This message was sent automatically; replies are not read.",
        report_of_day="Online scheduling on {first}",
        report_of_days="Online scheduling from {first} to {last}",
        booked="{accepted} of {received} requests became appointments",
        rate="Conversion: {rate}%",
        before="In the equal period before: {rate}%",
        open_report="Open the report",
        link_ends="The link works for some hours. After that, you find the report in Chairlink.",
    ),
    "fr": _Sentences(
        one_waits="1 demande de rendez-vous attend une réponse",
        some_wait="{count} demandes de rendez-vous attendent une réponse",
        target="Votre clinique souhaite répondre en moins de {target}. Ce délai est passé pour\N{NO-BREAK SPACE}:",
        line="{start}, demandé {since}",
        and_more="et {count} autres",
        decide="Veuillez en décider dans Chairlink. Nous ne signalons chaque demande qu’une fois.",
        unread="Ce courriel a été envoyé automatiquement; les réponses ne sont pas lues.",
        report_of_day="Demandes en ligne du {first}",
        report_of_days="Demandes en ligne du {first} au {last}",
        booked="{accepted} demandes sur {received} sont devenues des rendez-vous",
        rate="Conversion : {rate} %",
        before="Dans la période précédente : {rate} %",
        open_report="Ouvrir le rapport",
        link_ends="Le lien fonctionne pendant quelques heures. Ensuite, vous trouverez le rapport dans Chairlink.",
    ),
}


class StaffEmailRenderer:
    """Writes to a practice's people, from this address."""

    def __init__(self, sender: str, link_to: Link) -> None:
        self._sender = sender
        self._link_to = link_to

    def __call__(self, email: Email, practice: Practice | None, now: datetime) -> MimeEmail:
        """The letter in its envelope; raises Unmailable if there is nobody to write to."""
        if practice is None:
            raise Undeliverable("practice_gone")
        if email.report:
            notice = _report_text(email.report, practice, self._link_to(email.report))
            return self._sealed(notice, practice.report_recipients, practice, now)
        if email.overdue:
            addresses = practice.front_desk_recipients or practice.report_recipients
            return self._sealed(_overdue_text(email.overdue, practice), addresses, practice, now)
        raise Undeliverable("nothing_to_say")

    def _sealed(
        self, notice: StaffEmailText, addresses: tuple[str, ...], practice: Practice, now: datetime
    ) -> MimeEmail:
        recipients = tuple(to_address(address) for address in addresses)
        if not recipients:
            raise Undeliverable("no_address")
        message = EmailMessage(policy=SMTP)
        message["From"] = Address("Chairlink", addr_spec=self._sender)
        message["To"] = recipients
        message["Subject"] = one_line(f"{notice.subject} – {practice.name}")
        message["Date"] = format_datetime(now.astimezone(UTC))
        message["Auto-Submitted"] = "auto-generated"
        shown = {
            "notice": notice,
            "practice": practice,
            "language": practice.language,
            "unread": _TEXTS[practice.language].unread,
        }
        message.set_content(_TEXT.render(shown), cte="quoted-printable")
        message.add_alternative(_HTML.render(shown), subtype="html", cte="quoted-printable")
        message["Content-Language"] = practice.language  # last: the content sets the Content-* headers anew
        return MimeEmail(tuple(recipient.addr_spec for recipient in recipients), message.as_bytes())


def _overdue_text(overdue: OverdueRequests, practice: Practice) -> StaffEmailText:
    say, language = _TEXTS[practice.language], LANGUAGES[practice.language]
    count = len(overdue.waiting)
    subject = say.one_waits if count == 1 else say.some_wait.format(count=count)
    lines = [
        say.line.format(start=language.moment(start), since=language.moment(since.astimezone(practice.zone)))
        for start, since in overdue.waiting[:MAX_LISTED_REQUESTS]
    ]
    if count > MAX_LISTED_REQUESTS:
        lines.append(say.and_more.format(count=count - MAX_LISTED_REQUESTS))
    return StaffEmailText(
        subject=subject,
        heading=subject,
        opening=say.target.format(target=language.length(overdue.target_minutes)),
        lines=tuple(lines),
        closing=say.decide,
    )


def _report_text(report: ScheduledReport, practice: Practice, link: str) -> StaffEmailText:
    say, language, period = _TEXTS[practice.language], LANGUAGES[practice.language], report.period
    first, last = (
        language.date(datetime.combine(day, time.min, practice.zone)) for day in (period.first_day, period.last_day)
    )
    subject = (say.report_of_day if first == last else say.report_of_days).format(first=first, last=last)
    headline = report.headline
    rates = (
        (say.rate, headline.gross_conversion if headline else None),
        (say.before, headline.previous_gross_conversion if headline else None),
    )
    return StaffEmailText(
        subject=subject,
        heading=subject,
        opening=say.booked.format(**headline.model_dump()) + "." if headline else "",
        lines=tuple(words.format(rate=round(rate * 100)) for words, rate in rates if rate is not None),
        closing=say.link_ends,
        link=link,
        link_label=say.open_report,
    )
