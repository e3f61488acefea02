"""Practices and their sections, agents and settings."""

from datetime import timedelta

import pytest

from bookings.domain.practice.agent import Agent, AgentActivity
from bookings.domain.practice.business_hours import Hours
from bookings.domain.practice.event_outcome import EventOutcome
from bookings.domain.practice.practice import SectionKind
from tests.contract.conftest import Stores
from tests.support.builders import (
    NOW,
    OTHER_SECRET,
    SECRET,
    a_chair,
    a_pms,
    a_practice,
    a_practitioner,
    a_service,
    an_agent,
    hours,
    open_hours,
)
from tests.support.seeding import add_practice


def test_a_practice_is_found_with_all_its_sections(stores: Stores) -> None:
    practice = a_practice(
        phone="+16045550100",
        address="1 Harbour St, Vancouver",
        language="fr",
        pms=a_pms(create=False, kind="dentrix", freshness_limit_minutes=60),
        hours=hours(closures=[("2026-12-25T00:00", "2026-12-26T00:00")]),
        chairs=(a_chair("chr_a", hours=hours(*open_hours("08:00", "12:00"))), a_chair("chr_b", active=False)),
        practitioners=(a_practitioner("prov_a", hours=hours(*open_hours("09:15", "17:45", chair_id="chr_a"))),),
        services=(a_service("svc_checkup"),),
    )
    add_practice(stores.practices, practice)
    assert stores.practices.get(practice.id) == practice


def test_a_practice_without_sections_is_empty(stores: Stores) -> None:
    bare = a_practice(hours=None, chairs=(), practitioners=(), services=())
    add_practice(stores.practices, bare)
    assert stores.practices.get(bare.id) == bare


@pytest.mark.parametrize("practice_id", ["prac_none", "", "agt_1", "req_1", "prac_"])
def test_an_unknown_practice_is_none(stores: Stores, practice_id: str) -> None:
    assert stores.practices.get(practice_id) is None


def test_sections_without_their_practice_are_no_practice(stores: Stores) -> None:
    stores.practices.record_section("prac_sections_only", "chair", "chr_a", 1, a_chair("chr_a"))
    assert stores.practices.get("prac_sections_only") is None


def test_a_section_is_stored_if_it_is_newer(stores: Stores) -> None:
    practice = stores.practice()
    names = []
    for version, name in ((5, "five"), (5, "five"), (4, "four"), (6, "six")):
        heard = stores.practices.record_section(practice.id, "chair", "chr_x", version, a_chair("chr_x", name=name))
        found = stores.practices.get(practice.id)
        assert found
        chair = found.chair("chr_x")
        names.append((heard, chair and chair.name))
    assert names == [
        (EventOutcome.APPLIED, "five"),
        (EventOutcome.IGNORED, "five"),
        (EventOutcome.IGNORED, "five"),
        (EventOutcome.APPLIED, "six"),
    ]


def test_a_contradiction_is_kept_until_a_newer_version(stores: Stores) -> None:
    practice = stores.practice()
    sections = [(5, "five"), (5, "another five"), (5, "another five"), (5, "five"), (6, "six")]
    story: list[tuple[EventOutcome, str, list[object]]] = []
    for version, name in sections:
        heard = stores.practices.record_section(practice.id, "chair", "chr_x", version, a_chair("chr_x", name=name))
        found = stores.practices.get(practice.id)
        assert found
        contradictions = [(one.kind, one.id, one.version, one.told["name"]) for one in found.pms.contradictions]
        story.append((heard, found.names["chr_x"], list(contradictions)))
    other = ("chair", "chr_x", 5, "another five")
    assert story == [
        (EventOutcome.APPLIED, "five", []),
        (EventOutcome.CONTRADICTION, "five", [other]),
        (EventOutcome.CONTRADICTION, "five", [other]),
        (EventOutcome.IGNORED, "five", [other]),
        (EventOutcome.APPLIED, "six", []),
    ]


def test_sections_sort_by_id(stores: Stores) -> None:
    practice = stores.practice(chairs=tuple(a_chair(f"chr_{n}") for n in "cab"))
    assert [chair.id for chair in practice.chairs] == ["chr_a", "chr_b", "chr_c"]


def test_hours_belong_to_their_section_only(stores: Stores) -> None:
    practice = stores.practice()
    mornings = hours(*open_hours("08:00", "12:00"))
    stores.practices.record_section(practice.id, "hours", "prov_a", 2, mornings)
    found = stores.practices.get(practice.id)
    assert found
    assert [(person.id, person.hours) for person in found.practitioners] == [("prov_a", mornings), ("prov_b", None)]
    assert (found.hours, [chair.hours for chair in found.chairs]) == (practice.hours, [None, None])


def test_hours_of_a_practitioner_and_a_chair_with_one_id_are_two(stores: Stores) -> None:
    practice = stores.practice(practitioners=(a_practitioner("1"),), chairs=(a_chair("1"),))
    of_both, of_chair, of_practitioner = (hours(*open_hours("08:00", end)) for end in ("10:00", "11:00", "12:00"))
    steps: list[tuple[SectionKind, Hours, tuple[Hours, Hours]]] = [
        ("hours", of_both, (of_both, of_both)),
        ("chair_hours", of_chair, (of_both, of_chair)),
        ("practitioner_hours", of_practitioner, (of_practitioner, of_chair)),
    ]
    for kind, sent, expected in steps:
        stores.practices.record_section(practice.id, kind, "1", 1, sent)
        found = stores.practices.get(practice.id)
        assert found
        assert (found.practitioners[0].hours, found.chairs[0].hours) == expected
        assert found.hours == practice.hours


def test_the_schedule_is_as_fresh_as_the_latest_agent_activity(stores: Stores) -> None:
    practice = stores.practice()
    one, other = an_agent(practice), Agent(id=f"agt_other_{practice.id}", practice_id=practice.id, secrets=(SECRET,))
    stores.practices.record_agent_activity(one, NOW, heartbeat=True, events=True)
    stores.practices.record_agent_activity(other, NOW - timedelta(hours=1), heartbeat=True, events=True)
    found = stores.practices.get(practice.id)
    assert found
    assert found.pms.synced_at == NOW
    stores.practices.record_agent_activity(other, NOW + timedelta(seconds=1), heartbeat=True, events=True)
    found = stores.practices.get(practice.id)
    assert found
    assert found.pms.synced_at == NOW + timedelta(seconds=1)


def test_each_agent_has_its_last_event_and_heartbeat(stores: Stores) -> None:
    practice = stores.practice()
    agent, later = an_agent(practice), NOW + timedelta(minutes=5)
    stores.practices.record_agent_activity(agent, NOW, heartbeat=False, events=True)
    stores.practices.record_agent_activity(agent, later, heartbeat=True, events=False)
    found = stores.practices.get(practice.id)
    assert found
    assert found.pms.agents == (
        AgentActivity(agent_id=agent.id, heard_at=later, last_event_at=NOW, last_heartbeat_at=later),
    )


def test_saving_a_practice_keeps_sections_and_agent_activity(stores: Stores) -> None:
    practice = stores.practice()
    stores.practices.record_agent_activity(an_agent(practice), NOW, heartbeat=True, events=True)
    stores.practices.save(practice.model_copy(update={"name": "Harbour & Sons"}))
    found = stores.practices.get(practice.id)
    assert found
    assert (found.name, found.chairs, found.pms.synced_at) == ("Harbour & Sons", practice.chairs, NOW)


def test_updating_settings_changes_nothing_else(stores: Stores) -> None:
    practice = stores.practice(pms=a_pms(freshness_limit_minutes=30), phone="+16045550100")
    stores.practices.update_settings(practice.id, {"language": "fr", "report_recipients": ("owner@example.com",)})
    stores.practices.update_settings(practice.id, {"freshness_limit_minutes": None, "auto_link": True})
    stores.practices.update_settings(practice.id, {})
    assert stores.practices.get(practice.id) == practice.model_copy(
        update={
            "language": "fr",
            "report_recipients": ("owner@example.com",),
            "auto_link": True,
            "pms": practice.pms.model_copy(update={"freshness_limit_minutes": None}),
        }
    )


def test_an_agent_is_stored_with_its_secrets_outside_the_practice(stores: Stores) -> None:
    practice = a_practice()
    agent = an_agent(practice, SECRET, OTHER_SECRET)
    add_practice(stores.practices, practice, agent)
    assert stores.practices.agent(agent.id) == agent
    found = stores.practices.get(practice.id)
    assert found
    assert SECRET not in found.model_dump_json()


@pytest.mark.parametrize("agent_id", ["agt_none", "", "prac_1"])
def test_an_unknown_agent_is_none(stores: Stores, agent_id: str) -> None:
    assert stores.practices.agent(agent_id) is None
