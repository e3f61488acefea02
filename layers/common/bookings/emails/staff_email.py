"""Render an e-mail to a practice's staff: overdue requests, or a report. It has no patient's name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from bookings.domain.outbox.email import Email, OverdueRequests
from bookings.domain.outbox.email_delivery import MimeEmail, Undeliverable
from bookings.domain.practice.practice import Practice
from bookings.domain.reporting.scheduled_report import ScheduledReport
from bookings.emails.languages import LANGUAGES
from bookings.emails.mime_message import MimeContent, to_mime
from bookings.emails.patient_email import TEMPLATES, to_address

_TEXT_TEMPLATE = TEMPLATES.get_template("staff_email.txt")
_HTML_TEMPLATE = TEMPLATES.get_template("staff_email.html")

MAX_LISTED_REQUESTS = 10
"""Requests that an e-mail lists. For the others it has only the number."""

Link = Callable[[ScheduledReport], str]
"""A link to the report's page that works for some hours."""


@dataclass(frozen=True)
class StaffEmailText:
    """The text of one e-mail: the reason, the facts as a list, and what to do."""

    subject: str
    heading: str
    opening: str
    lines: tuple[str, ...]
    closing: str
    link: str | None = None
    link_label: str = ""


@dataclass(frozen=True)
class _Sentences:
    """The sentences of one language. Names in braces are placeholders."""

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


_SENTENCES: Mapping[str, _Sentences] = {
    "en": _Sentences(
        one_waits="1 booking request is waiting for an answer",
        some_wait="{count} booking requests are waiting for an answer",
        target="Your practice wants to answer within {target}. This is over for:",
        line="{start}, asked {since}",
        and_more="and {count} more",
        decide="Please answer them in Chairlink. You get only one e-mail about each request.",
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
        decide="Veuillez y répondre dans Chairlink. Chaque demande n’est signalée qu’une seule fois.",
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
    """Renders e-mails to a practice's staff, from this address."""

    def __init__(self, sender: str, link_to: Link) -> None:
        self._sender = sender
        self._link_to = link_to

    def __call__(self, email: Email, practice: Practice | None, now: datetime) -> MimeEmail:
        """The MIME message; raises Undeliverable if there is no recipient."""
        if practice is None:
            raise Undeliverable("practice_gone")
        if email.report:
            text = _report_text(email.report, practice, self._link_to(email.report))
            return self._message(text, practice.report_recipients, practice, now)
        if email.overdue:
            addresses = practice.front_desk_recipients or practice.report_recipients
            return self._message(_overdue_text(email.overdue, practice), addresses, practice, now)
        raise Undeliverable("nothing_to_say")

    def _message(
        self, text: StaffEmailText, addresses: tuple[str, ...], practice: Practice, now: datetime
    ) -> MimeEmail:
        recipients = tuple(to_address(address) for address in addresses)
        if not recipients:
            raise Undeliverable("no_address")
        values = {
            "email_text": text,
            "practice": practice,
            "language": practice.language,
            "unread": _SENTENCES[practice.language].unread,
        }
        content = MimeContent(
            sender_name="Chairlink",
            sender=self._sender,
            recipients=recipients,
            subject=f"{text.subject} – {practice.name}",
            text=_TEXT_TEMPLATE.render(values),
            html=_HTML_TEMPLATE.render(values),
            language=practice.language,
        )
        return MimeEmail(recipients, to_mime(content, now))


def _overdue_text(overdue: OverdueRequests, practice: Practice) -> StaffEmailText:
    sentences, language = _SENTENCES[practice.language], LANGUAGES[practice.language]
    count = len(overdue.waiting)
    subject = sentences.one_waits if count == 1 else sentences.some_wait.format(count=count)
    lines = [
        sentences.line.format(start=language.moment(start), since=language.moment(since.astimezone(practice.zone)))
        for start, since in overdue.waiting[:MAX_LISTED_REQUESTS]
    ]
    if count > MAX_LISTED_REQUESTS:
        lines.append(sentences.and_more.format(count=count - MAX_LISTED_REQUESTS))
    return StaffEmailText(
        subject=subject,
        heading=subject,
        opening=sentences.target.format(target=language.length(overdue.target_minutes)),
        lines=tuple(lines),
        closing=sentences.decide,
    )


def _report_text(report: ScheduledReport, practice: Practice, link: str) -> StaffEmailText:
    sentences, language, period = _SENTENCES[practice.language], LANGUAGES[practice.language], report.period
    first, last = (
        language.date(datetime.combine(day, time.min, practice.zone)) for day in (period.first_day, period.last_day)
    )
    subject = (sentences.report_of_day if first == last else sentences.report_of_days).format(first=first, last=last)
    headline = report.headline
    rates = (
        (sentences.rate, headline.gross_conversion if headline else None),
        (sentences.before, headline.previous_gross_conversion if headline else None),
    )
    return StaffEmailText(
        subject=subject,
        heading=subject,
        opening=sentences.booked.format(**headline.model_dump()) + "." if headline else "",
        lines=tuple(sentence.format(rate=round(rate * 100)) for sentence, rate in rates if rate is not None),
        closing=sentences.link_ends,
        link=link,
        link_label=sentences.open_report,
    )
