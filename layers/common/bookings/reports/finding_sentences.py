"""A finding in two sentences, in the practice's language: the repeated problem, and what would help."""

from collections.abc import Mapping
from datetime import time

from bookings.domain.insights.finding import Finding
from bookings.domain.insights.misfit_cause import Cause
from bookings.domain.insights.recommended_fix import FixCode
from bookings.domain.practice.practice import Practice

_CAUSES: Mapping[str, Mapping[Cause, str]] = {
    "en": {
        Cause.OUTSIDE_HOURS: "Outside opening hours",
        Cause.CHAIR_IMPOSSIBLE: "Practitioner not in that chair at that time",
        Cause.STALE_DATA: "Schedule out of date",
        Cause.SLOT_TAKEN: "Time already taken",
        Cause.TOO_SHORT: "Appointment longer than the time offered",
        Cause.SHORT_LEAD: "Requested at short notice",
        Cause.UNEXPLAINED: "No cause found in the schedule",
    },
    "fr": {
        Cause.OUTSIDE_HOURS: "En dehors des heures d’ouverture",
        Cause.CHAIR_IMPOSSIBLE: "Praticien absent de ce fauteuil à ce moment",
        Cause.STALE_DATA: "Horaire pas à jour",
        Cause.SLOT_TAKEN: "Moment déjà pris",
        Cause.TOO_SHORT: "Rendez-vous plus long que le temps proposé",
        Cause.SHORT_LEAD: "Demandé à la dernière minute",
        Cause.UNEXPLAINED: "Aucune cause trouvée dans l’horaire",
    },
}
_FIXES: Mapping[str, Mapping[FixCode, str]] = {
    "en": {
        FixCode.BLOCK_TIME: "Block {start}–{end} for online booking there.",
        FixCode.OFFER_OPENINGS: "Let patients choose free openings only, instead of any time.",
        FixCode.DECIDE_SOONER: "Decide sooner: the time was still free when patients requested it.",
        FixCode.SET_DURATION: "Set its online duration to {minutes} minutes.",
        FixCode.CHECK_AGENT: "Check the PMS agent: it sent nothing for longer than the practice accepts.",
        FixCode.RAISE_LEAD_TIME: "Require a notice of at least {hours} opening hours.",
        FixCode.FIX_HOURS: "Offer online only the hours that are really worked.",
        FixCode.ASK_FRONT_DESK: "Ask the front desk: the schedule does not show the cause.",
    },
    "fr": {
        FixCode.BLOCK_TIME: "Bloquer {start}–{end} pour les demandes en ligne.",
        FixCode.OFFER_OPENINGS: "Ne proposer aux patients que des moments libres.",
        FixCode.DECIDE_SOONER: "Décider plus vite\N{NO-BREAK SPACE}: le moment était libre lors de la demande.",
        FixCode.SET_DURATION: "Le proposer en ligne pour une durée de {minutes} minutes.",
        FixCode.CHECK_AGENT: "Vérifier l’agent du logiciel\N{NO-BREAK SPACE}: il est resté muet trop longtemps.",
        FixCode.RAISE_LEAD_TIME: "Exiger un préavis d’au moins {hours} heures d’ouverture.",
        FixCode.FIX_HOURS: "Ne proposer en ligne que les heures réellement travaillées.",
        FixCode.ASK_FRONT_DESK: "Demander à la réception\N{NO-BREAK SPACE}: l’horaire ne montre pas la cause.",
    },
}
_SENTENCES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "all": "{where}: {misfits} of {requests} did not fit – {cause}{move}.",
        "earlier": "; usually {minutes} min earlier",
        "later": "; usually {minutes} min later",
        "everywhere": "All requests",
        "at": "{weekday} {hour}",
        "hour": "Any day {hour}",
    },
    "fr": {
        "all": "{where}\N{NO-BREAK SPACE}: {misfits} sur {requests} ne convenaient pas – {cause}{move}.",
        "earlier": "; d’habitude {minutes} min plus tôt",
        "later": "; d’habitude {minutes} min plus tard",
        "everywhere": "Toutes les demandes",
        "at": "{weekday} {hour}",
        "hour": "Chaque jour {hour}",
    },
}
_WEEKDAYS = {
    "en": ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
    "fr": ("Le lundi", "Le mardi", "Le mercredi", "Le jeudi", "Le vendredi", "Le samedi", "Le dimanche"),
}


def cause_label(cause: Cause, language: str) -> str:
    """The name of the cause."""
    return _CAUSES[language][cause]


def finding_sentence(finding: Finding, practice: Practice) -> str:
    """The repeated problem: "Tuesdays 15:00, Dr Roy: 7 of 9 did not fit – time already taken"."""
    texts, cause = _SENTENCES[practice.language], cause_label(finding.cause, practice.language)
    return texts["all"].format(
        where=_segment(finding, practice),
        misfits=finding.misfits,
        requests=finding.requests,
        cause=cause[0].lower() + cause[1:],
        move=_usual_move(finding.usual_move_minutes, texts),
    )


def fix_sentence(finding: Finding, practice: Practice) -> str:
    """What the practice could change to avoid the problem."""
    fix = finding.fix
    return _FIXES[practice.language][fix.code].format(
        start=_hour_and_minute(fix.start),
        end=_hour_and_minute(fix.end),
        minutes=fix.minutes,
        hours=(fix.minutes or 0) // 60,
    )


def _segment(finding: Finding, practice: Practice) -> str:
    texts, weekdays = _SENTENCES[practice.language], _WEEKDAYS[practice.language]
    hour = None if finding.hour is None else f"{finding.hour:02}:00"
    day = None if finding.weekday is None else weekdays[finding.weekday - 1]
    if day and hour:
        when = texts["at"].format(weekday=day, hour=hour)
    else:
        when = day or (texts["hour"].format(hour=hour) if hour else "")
    id_ = finding.practitioner_id or finding.service_id or finding.chair_id
    name = practice.names.get(id_, id_) if id_ else ""
    return ", ".join(filter(None, (when, name))) or texts["everywhere"]


def _usual_move(minutes: int | None, texts: Mapping[str, str]) -> str:
    if not minutes:
        return ""
    return texts["earlier" if minutes < 0 else "later"].format(minutes=abs(minutes))


def _hour_and_minute(moment: time | None) -> str:
    return "" if moment is None else moment.isoformat("minutes")
