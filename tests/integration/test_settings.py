"""Settings of a unit and of a person: reminders and digests keep to them, those that wait included."""

from __future__ import annotations

from datetime import time

import pytest
from sqlmodel import select

from bot.delivery import Delivery
from bot.platforms.sim import Sim
from storage.engine import writing
from storage.tables import Audit, Identity, Outbox, Person, Trainee, Unit
from tests.integration.conversation import hold
from tests.support.world import ZONE, Sent, World


def told(sent: list[Sent], who: str, kind: str = "nudge") -> list[tuple[str, tuple[str, ...]]]:
    return [(f"{s.at:%a %d %H:%M}", s.steps) for s in sent if s.to == f"{who}@exempel.se" and s.kind == kind]


def test_as_usual_the_week_is_asked_about_on_thursday(world: World) -> None:
    assert told(world.pass_to("2026-11-27T17:00"), "anna") == [("Thu 26 12:15", ("soon",))]


def test_a_unit_sets_the_day_and_hour_of_the_weeks_question(world: World) -> None:
    answer = world.say("siv", "inställning veckofråga onsdag 10:30")
    assert "Ekbacken: veckofrågan onsdag 10:30" in answer.text
    went = world.pass_to("2026-11-27T17:00")
    assert told(went, "anna") == [("Wed 25 10:30", ("soon",))]
    assert told(went, "cia") == []  # another unit, whose rule is none of weeks
    assert world.drift() == []


def test_a_person_sets_their_own_day_and_the_unit_keeps_its(world: World) -> None:
    hold(world, [("anna", "påminn mig på tisdagar kl 9", "veckofrågan tisdag 09:00")])
    went = world.pass_to("2026-11-27T17:00")
    assert told(went, "anna") == [("Tue 24 09:00", ("soon",))]
    assert told(went, "bo") == [("Thu 26 12:15", ("soon",))]


def test_going_back_to_usual_forgets_ones_own(world: World) -> None:
    hold(world, [("anna", "påminn mig kl 11", "från kl 11:00"), ("anna", "påminn mig som vanligt", "08:00")])
    assert told(world.pass_to("2026-11-27T17:00"), "anna") == [("Thu 26 12:15", ("soon",))]


def test_the_morning_hour_holds_for_both_halves_by_their_own_wish(world: World) -> None:
    """Week 48 is missed: said on the first working morning of week 49, Monday 30 November."""
    world.say("eva", "påminn mig kl 10:30")
    went = world.pass_to("2026-11-30T17:00")
    assert told(went, "anna")[-1] == ("Mon 30 08:00", ("overdue",))
    assert told(went, "eva") == [("Mon 30 10:30", ("overdue", "overdue"))]  # Anna and Bo, one bundle


def test_what_waits_already_follows_a_new_morning_hour(world: World) -> None:
    """Asleep over the Thursday's noon: the catch-up of its evening waits for Friday 27 November at 08:00."""
    world.jump_to("2026-11-26T18:00")
    world.tick()
    waiting = [row for row in world.rows(Outbox) if row.kind == "nudge" and row.state == "pending"]
    assert {f"{row.due_at:%a %H:%M}" for row in waiting} == {"Fri 07:00"}  # UTC
    world.say("siv", "inställning morgon 9:30")
    assert {
        f"{row.due_at:%a %H:%M}"
        for row in world.rows(Outbox)
        if row.kind == "nudge" and row.state == "pending" and row.facts["trainee"] in (1, 2)
    } == {"Fri 08:30"}
    went = world.pass_to("2026-11-27T12:00")
    assert [at for at, _ in told(went, "anna")] == ["Fri 27 09:30"]


def test_a_booking_is_reminded_of_in_ones_own_morning(world: World) -> None:
    world.say("anna", "boka handledning på torsdag 13-14")
    world.say("anna", "påminn mig kl 9:15")
    went = world.pass_to("2026-11-25T12:00")
    assert told(went, "anna", "booking") == [("Wed 25 09:15", ("before",))]
    assert told(went, "eva", "booking") == [("Wed 25 08:00", ("before",))]


def test_repeats_come_as_often_as_the_unit_says(world: World) -> None:
    """Overdue on Monday 30 November; repeats 14 days apart, once: 14 December and no more."""
    world.say("siv", "inställning upprepa 14 dagar 1 gånger")
    world.pass_to("2027-01-15T17:00")
    repeats = [
        f"{row.due_at:%a %d %b %H:%M}"
        for row in world.rows(Outbox)
        if (row.person_id, row.step, row.facts.get("requirement")) == (1, "repeat", "supervision")
    ]
    assert repeats == ["Mon 14 Dec 07:00"]  # 08:00 local


@pytest.mark.parametrize(
    ("line", "first"),
    [("inställning digest fredag 13:00", "Fri 27 13:00"), ("inställning digest tisdag 8:00", "Tue 24 08:00")],
)
def test_the_digest_comes_on_the_units_day(world: World, line: str, first: str) -> None:
    world.say("siv", line)
    went = world.pass_to("2026-12-01T17:00")
    assert told(went, "siv", "digest")[0][0] == first
    assert told(went, "tage", "digest")[0][0] == "Mon 30 07:30"


def test_a_digest_with_nothing_to_tell_can_be_left_out(world: World) -> None:
    world.say("siv", "inställning digest av när allt är i fas")
    with writing(world.engine) as session:  # everybody leaves the unit: nothing is left to tell of
        granlund = session.exec(select(Unit).where(Unit.name == "Granlund")).one()
        for trainee in session.exec(select(Trainee)).all():
            trainee.unit_id = granlund.id or 0
            session.add(trainee)
    assert told(world.pass_to("2026-12-01T17:00"), "siv", "digest") == []
    digests = [row for row in world.rows(Outbox) if row.kind == "digest" and row.period == "2026-11-30"]
    assert sorted((row.state, row.reason) for row in digests) == [
        ("sent", ""),
        ("skipped", "nothing to tell"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "inställning veckofråga lördag 12:00",
        "inställning veckofråga onsdag 07:30",
        "inställning morgon 17:30",
        "inställning digest söndag",
        "inställning upprepa 1 dagar",
        "inställning veckofråga",
    ],
)
def test_nothing_can_be_set_outside_working_days_and_hours(world: World, line: str) -> None:
    hold(world, [("siv", line, "vardagar mellan 8 och 17")])
    assert [unit.settings.get("habits") for unit in world.rows(Unit)] == [None, None]


def test_only_who_answers_for_a_unit_sets_it(world: World) -> None:
    line = "inställning morgon 9:00"
    hold(
        world,
        [("anna", line, "får du inte"), ("eva", line, "får du inte"), ("siv", "inställningar", "Ekbacken")],
    )


def test_a_platform_is_preferred_only_where_one_is_linked(world: World) -> None:
    hold(world, [("anna", "påminn mig på telegram", "inte kopplad på Telegram")])
    with writing(world.engine) as session:
        session.add(
            Identity(person_id=1, platform="telegram", external_id="501", chat="501", linked_at=world.clock())
        )
        session.add(
            Identity(person_id=1, platform="slack", external_id="U1", chat="D1", linked_at=world.clock())
        )
    hold(world, [("anna", "påminn mig på telegram", "på Telegram")])
    assert world.rows(Person)[0].prefers == "telegram"
    assert world.rows(Person)[0].morning is None
    hold(world, [("anna", "påminn mig som vanligt", "")])
    noted = [row.facts for row in world.rows(Audit) if row.act == "settings" and row.facts]
    assert noted == [{"prefers": [None, "telegram"]}, {"prefers": ["telegram", None]}]


def test_what_waits_already_goes_to_the_newly_preferred_platform(world: World) -> None:
    """Three platforms, linked in this order: the newest is used until another is preferred."""

    class Telegram(Sim):
        name = "telegram"

    class Slack(Sim):
        name = "slack"

    with writing(world.engine) as session:
        for name in ("telegram", "slack"):
            session.add(
                Identity(person_id=1, platform=name, external_id="x", chat="x", linked_at=world.clock())
            )
    platforms = {p.name: p for p in (world.platform, Telegram(), Slack())}
    seen: list[str] = []
    world.delivery = Delivery(
        world.engine, platforms, world.clock, ZONE, watch=lambda d: seen.append(d.to.platform)
    )
    world.jump_to("2026-11-26T18:00")
    world.tick()
    world.say("anna", "påminn mig på telegram")
    seen.clear()
    world.jump_to("2026-11-27T08:00")
    world.deliver()
    assert seen.count("telegram") == 1
    assert world.rows(Person)[0].morning in (None, time(8))


def files(sent: list[Sent], who: str) -> list[list[str]]:
    to = [s for s in sent if s.to == f"{who}@exempel.se" and s.kind == "digest"]
    return [[file.name for file in s.message.files] for s in to]


def test_the_picture_and_the_workbook_go_along_with_the_digest(world: World) -> None:
    went = world.pass_to("2026-11-30T17:00")
    assert files(went, "siv") == files(went, "tage") == [["oversikt.png", "underlag.xlsx"]]


@pytest.mark.parametrize(
    ("line", "shown", "left"),
    [
        ("inställning digest utan bild", "med excel.", ["underlag.xlsx"]),
        ("inställning bild av", "med excel.", ["underlag.xlsx"]),
        ("setting picture off", "med excel.", ["underlag.xlsx"]),
        ("inställning digest utan excel", "med bild.", ["oversikt.png"]),
        ("inställning bild utan namn", "med bild utan namn och excel.", ["oversikt.png", "underlag.xlsx"]),
    ],
)
def test_a_unit_chooses_what_goes_along(world: World, line: str, shown: str, left: list[str]) -> None:
    assert world.say("siv", line).text.endswith(shown)
    went = world.pass_to("2026-11-30T17:00")
    assert (files(went, "siv"), files(went, "tage")) == ([left], [["oversikt.png", "underlag.xlsx"]])


def test_a_unit_can_have_the_bare_text_and_go_back_to_usual(world: World) -> None:
    hold(
        world,
        [
            ("siv", "inställning bild av", "med excel."),
            ("siv", "inställning excel av", "utan bild och excel."),
            ("siv", "inställning bild som vanligt", "med bild."),
        ],
    )
    world.say("siv", "inställning bild av")
    assert files(world.pass_to("2026-11-30T17:00"), "siv") == [[]]


def test_names_off_changes_the_picture(world: World) -> None:
    for line in ("översikt", "inställning bild utan namn", "översikt"):
        world.say("siv", line)
    first, _, then = (sent.message.files for sent in world.to("siv"))
    assert len(first) == len(then) == 1
    assert first[0].content != then[0].content


@pytest.mark.parametrize(
    ("who", "line", "shown"),
    [
        (
            "siv",
            "inställning påminnelser från kl 9",
            "Ekbacken: veckofrågan torsdag 12:15 · påminnelser från kl 09:00",
        ),
        ("siv", "inställning morgon 9", "Ekbacken: veckofrågan torsdag 12:15 · påminnelser från kl 09:00"),
        ("anna", "påminn mig onsdag 13", "Du: veckofrågan onsdag 13:00"),
        ("siv", "inställning pizza", "Det kan jag inte ställa in"),
        ("siv", "inställning Ekbacken", "Ekbacken: veckofrågan torsdag 12:15"),
    ],
)
def test_a_setting_is_read_as_it_is_shown_and_what_is_none_is_not_passed_over(
    world: World, who: str, line: str, shown: str
) -> None:
    assert shown in world.say(who, line).text
