"""What a finding says, in the practice's language: one sentence of what repeats itself, and one of what would help."""

from collections.abc import Mapping
from datetime import time

from bookings.domain.insights.finding import Finding
from bookings.domain.insights.misfit_cause import Cause
from bookings.domain.insights.recommended_fix import FixCode
from bookings.domain.practice.practice import Practice

_CAUSES: Mapping[str, Mapping[Cause, str]] = {
    "en": {
        Cause.OUTSIDE_HOURS: "Outside opening hours",
        Cause.CHAIR_IMPOSSIBLE: "Practitioner not in that chair then",
        Cause.STALE_DATA: "Schedule data was out of date",
        Cause.SLOT_TAKEN: "Time already taken",
        Cause.TOO_SHORT: "Booked for longer than offered",
        Cause.SHORT_LEAD: "Asked for at short notice",
        Cause.UNEXPLAINED: "No reason in the schedule",
    },
    "fr": {
        Cause.OUTSIDE_HOURS: "En dehors des heures d’ouverture",
        Cause.CHAIR_IMPOSSIBLE: "Praticien absent de ce fauteuil à ce moment",
        Cause.STALE_DATA: "Données de l’horaire périmées",
        Cause.SLOT_TAKEN: "Moment déjà pris",
        Cause.TOO_SHORT: "Réservé plus longtemps que proposé",
        Cause.SHORT_LEAD: "Demandé à la dernière minute",
        Cause.UNEXPLAINED: "Aucune raison dans l’horaire",
    },
}
_FIXES: Mapping[str, Mapping[FixCode, str]] = {
    "en": {
        FixCode.BLOCK_TIME: "Block {start}–{end} for online booking there.",
        FixCode.OFFER_OPENINGS: "Offer patients free openings only, instead of any time.",
        FixCode.DECIDE_SOONER: "Decide sooner: the time was still free when patients asked for it.",
        FixCode.SET_DURATION: "Offer it online with {minutes} minutes.",
        FixCode.CHECK_AGENT: "Look at the PMS agent: it was silent for longer than the practice accepts.",
        FixCode.RAISE_LEAD_TIME: "Ask for at least {hours} opening hours’ notice.",
        FixCode.FIX_HOURS: "Set the hours that are offered online to those really worked.",
        FixCode.ASK_FRONT_DESK: "Ask the front desk: the schedule does not say why.",
    },
    "fr": {
        FixCode.BLOCK_TIME: "Bloquer {start}–{end} pour les demandes en ligne.",
        FixCode.OFFER_OPENINGS: "Ne proposer aux patients que des moments libres.",
        FixCode.DECIDE_SOONER: "Décider plus tôt\N{NO-BREAK SPACE}: le moment était encore libre à la demande.",
        FixCode.SET_DURATION: "Le proposer en ligne avec {minutes} minutes.",
        FixCode.CHECK_AGENT: "Vérifier l’agent du logiciel\N{NO-BREAK SPACE}: il s’est tu plus longtemps que permis.",
        FixCode.RAISE_LEAD_TIME: "Demander un préavis d’au moins {hours} heures d’ouverture.",
        FixCode.FIX_HOURS: "Ajuster les heures proposées en ligne à celles vraiment travaillées.",
        FixCode.ASK_FRONT_DESK: "Demander à la réception\N{NO-BREAK SPACE}: l’horaire ne dit pas pourquoi.",
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
    """What a cause is called."""
    return _CAUSES[language][cause]


def finding_sentence(finding: Finding, practice: Practice) -> str:
    """Where, how many of how many, why, and what was usually done: "Tuesdays 15:00, Dr Roy: 7 of 9 did not fit …"."""
    words, cause = _SENTENCES[practice.language], cause_label(finding.cause, practice.language)
    return words["all"].format(
        where=_where(finding, practice),
        misfits=finding.misfits,
        requests=finding.requests,
        cause=cause[0].lower() + cause[1:],
        move=_move(finding.usual_move_minutes, words),
    )


def fix_sentence(finding: Finding, practice: Practice) -> str:
    """What the practice could change."""
    fix = finding.fix
    return _FIXES[practice.language][fix.code].format(
        start=_clock(fix.start), end=_clock(fix.end), minutes=fix.minutes, hours=(fix.minutes or 0) // 60
    )


def _where(finding: Finding, practice: Practice) -> str:
    words, weekdays = _SENTENCES[practice.language], _WEEKDAYS[practice.language]
    hour = None if finding.hour is None else f"{finding.hour:02}:00"
    day = None if finding.weekday is None else weekdays[finding.weekday - 1]
    if day and hour:
        when = words["at"].format(weekday=day, hour=hour)
    else:
        when = day or (words["hour"].format(hour=hour) if hour else "")
    thing = finding.practitioner_id or finding.service_id or finding.chair_id
    parts = when, practice.names.get(thing, thing) if thing else ""
    return ", ".join(filter(None, parts)) or words["everywhere"]


def _move(minutes: int | None, words: Mapping[str, str]) -> str:
    if not minutes:
        return ""
    return words["earlier" if minutes < 0 else "later"].format(minutes=abs(minutes))


def _clock(moment: time | None) -> str:
    return "" if moment is None else moment.isoformat("minutes")
