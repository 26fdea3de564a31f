"""Several days, or several trainees, in one line: one question, one receipt, one `ångra`; nothing doubled."""

from __future__ import annotations

import pytest

from handlers.message import IncomingKind
from storage.tables import Booking, Entry, EntryState
from tests.integration.conversation import hold
from tests.support.world import World

WEEK = "handledning i onsdags, i torsdags och i fredags 1h etik"
"""It is Monday 23 November: the 18th, the 19th and the 20th."""
EVERY = "Gäller det alla 3 dagarna, eller bara en av dem?"


def live(world: World) -> list[str]:
    """What stands, by day, with how long it was."""
    entries = [entry for entry in world.rows(Entry) if entry.state == EntryState.LIVE]
    return [
        f"{entry.on_date:%d/%m} {entry.minutes}" for entry in sorted(entries, key=lambda each: each.on_date)
    ]


def planned(world: World) -> list[str]:
    return sorted(f"{row.on_date:%d/%m}" for row in world.rows(Booking) if row.state == "planned")


def test_all_days_of_a_line_are_saved_by_one_press_and_taken_back_by_one_undo(world: World) -> None:
    asked = world.say("anna", WEEK)
    assert asked.text == EVERY
    labels = [button.label for button in asked.buttons]
    assert labels == ["Alla 3", "ons 18 nov", "tors 19 nov", "fre 20 nov"]
    told = world.press("anna", "Alla 3")
    assert told.text.splitlines()[:3] == [
        "Sparat: handledning ons 18 nov (v 47), 1 h · etik",
        "Sparat: handledning tors 19 nov (v 47), 1 h · etik",
        "Sparat: handledning fre 20 nov (v 47), 1 h · etik",
    ]
    assert live(world) == ["18/11 60", "19/11 60", "20/11 60"]
    assert world.drift() == []
    undone = world.say("anna", "ångra")
    assert undone.text.startswith(
        "Ångrat: handledning ons 18 nov (v 47), 1 h · etik, handledning tors 19 nov"
    )
    assert live(world) == []
    assert "inget att ångra" in world.say("anna", "ångra").text
    assert world.drift() == []


@pytest.mark.parametrize(
    "answer", ["alla", "alla tre", "Alla 3", "ja", "ja, alla tack", "all three", "spara alla"]
)
def test_all_is_said_in_words_too(world: World, answer: str) -> None:
    hold(world, [("anna", WEEK, EVERY), ("anna", answer, "Sparat: handledning ons 18 nov")])
    assert len(live(world)) == 3


@pytest.mark.parametrize("answer", ["båda", "båda två", "bägge", "ja", "alla"])
def test_both_is_said_of_two(world: World, answer: str) -> None:
    hold(world, [("anna", "dops igår och idag", "båda dagarna"), ("anna", answer, "Sparat: DOPS sön 22 nov")])
    assert len(live(world)) == 2


@pytest.mark.parametrize("answer", ["båda", "alla 4", "nej"])
def test_another_number_than_there_are_saves_nothing(world: World, answer: str) -> None:
    world.say("anna", WEEK)
    world.say("anna", answer)
    assert live(world) == []


def test_one_day_alone_is_saved_by_its_button_or_its_name(world: World) -> None:
    hold(
        world,
        [
            ("anna", WEEK, EVERY),
            ("anna", "[tors 19 nov]", "Sparat: handledning tors 19 nov (v 47), 1 h · etik"),
            ("anna", "kurs 3/11 och 10/11", "Gäller det båda dagarna"),
            ("anna", "tis 10 nov", "Sparat: kurs tis 10 nov"),
        ],
    )
    assert live(world) == ["10/11 None", "19/11 60"]


@pytest.mark.parametrize(
    ("answer", "stand"),
    [
        ("ons och fre", ["18/11 60", "20/11 60"]),
        ("18/11, 19/11", ["18/11 60", "19/11 60"]),
        ("ons eller fre", []),
        ("ons och lör", []),  # one of them was not asked about
    ],
)
def test_some_of_the_days_are_named_in_the_answer(world: World, answer: str, stand: list[str]) -> None:
    world.say("anna", WEEK)
    world.say("anna", answer)
    assert live(world) == stand


def test_several_days_that_answer_for_one_are_asked_about(world: World) -> None:
    """The last of them was saved, and the first lost."""
    hold(
        world,
        [
            ("anna", "handledning 30/2 1h", "Vilken dag menar du?"),
            ("anna", "18/11, 19/11", "Gäller det båda dagarna"),
            ("anna", "ja", "Sparat: handledning tors 19 nov (v 47), 1 h"),
        ],
    )
    assert live(world) == ["18/11 60", "19/11 60"]


def test_a_press_that_comes_twice_and_a_second_press_save_nothing_more(world: World) -> None:
    world.say("anna", WEEK)
    press = world.incoming("anna", kind=IncomingKind.PRESS, press=world.button("anna", "Alla 3").press)
    first, again = world.take(press), world.take(press)
    assert again.repeated
    assert again.message == first.message
    world.press("anna", "Alla 3")
    assert len(live(world)) == 3


def test_a_line_that_comes_twice_is_asked_once(world: World) -> None:
    line = world.incoming("anna", WEEK)
    first, again = world.take(line), world.take(line)
    assert (again.repeated, again.message) == (True, first.message)


def test_what_is_there_already_is_not_saved_twice_unless_it_is_meant(world: World) -> None:
    hold(
        world,
        [
            ("anna", "handledning i torsdags 45 min", "Sparat"),
            ("anna", WEEK, EVERY),
            (
                "anna",
                "alla",
                "fanns redan, så det är inte sparat en gång till: handledning tors 19 nov (v 47), 45 min",
            ),
        ],
    )
    assert live(world) == ["18/11 60", "19/11 45", "20/11 60"]
    world.press("anna", "Lägg till ändå")
    assert len(live(world)) == 4
    world.press("anna", "Lägg till ändå")
    assert len(live(world)) == 4


def test_where_all_is_there_it_is_asked(world: World) -> None:
    hold(
        world,
        [
            ("anna", WEEK, EVERY),
            ("anna", "alla", "Sparat"),
            ("anna", WEEK, EVERY),
            ("anna", "alla", "Du har redan handledning ons 18 nov"),
        ],
    )
    assert len(live(world)) == 3
    world.press("anna", "Lägg till ändå")
    assert len(live(world)) == 6


def test_days_ahead_are_booked_and_never_logged(world: World) -> None:
    asked = world.say("anna", "handledning igår, idag och på onsdag kl 13 1h")
    assert asked.text.endswith("Det som är framåt i tiden bokar jag.")
    told = world.say("anna", "alla tre").text.splitlines()
    assert told[2] == "Bokat: handledning ons 25 nov (v 48) 13:00, 1 h"
    assert (live(world), planned(world)) == (["22/11 60", "23/11 60"], ["25/11"])
    world.say("anna", "ångra")
    assert (live(world), planned(world)) == ([], [])
    assert world.drift() == []


def test_several_days_ahead_are_one_booking_to_move_or_take_back(world: World) -> None:
    hold(
        world,
        [
            ("anna", "boka handledning på onsdag och på fredag kl 13", "Gäller det båda dagarna"),
            ("anna", "[Båda]", "Bokat: handledning fre 27 nov (v 48) 13:00"),
            ("anna", "ändra till kl 14", "Flyttat från ons 25 nov (v 48) 13:00"),
            ("anna", "ångra", "gäller igen"),
            ("anna", "ångra", "Ångrat: handledning ons 25 nov (v 48) 13:00, och de följande"),
        ],
    )
    assert planned(world) == []


def test_a_day_before_the_training_saves_none(world: World) -> None:
    hold(
        world,
        [
            ("anna", "handledning 8/1 2026 och 15/1 2026 1h", "Gäller det båda dagarna"),
            ("anna", "båda", "Utbildningen började mån 12 jan"),
        ],
    )
    assert live(world) == []


def test_a_change_is_of_all_but_for_the_day(world: World) -> None:
    hold(
        world,
        [
            ("anna", "handledning 19/11 1h", "Sparat"),
            ("anna", "handledning 17/11 och 18/11 1h", "Gäller det båda dagarna"),
            ("anna", "båda", "Sparat"),
            ("anna", "ändra till 45 min", "Ändrat: handledning ons 18 nov (v 47), 45 min"),
        ],
    )
    assert live(world) == ["17/11 45", "18/11 45", "19/11 60"]
    hold(
        world,
        [
            ("anna", "nej, i fredags", "Vilken av dem ska flyttas till en annan dag?"),
            ("anna", "[tis 17 nov]", "Så står det nu: handledning tis 17 nov"),
            ("anna", "ändra till i fredags", "Ändrat: handledning fre 20 nov"),
            ("anna", "ta bort handledning i onsdags", "Ångrat: handledning ons 18 nov"),
        ],
    )
    assert live(world) == ["19/11 60", "20/11 45"]


def test_a_supervisor_saves_for_several_trainees_at_once(world: World) -> None:
    hold(
        world,
        [
            ("eva", "handledning med Anna och Bo idag 1h", "Gäller det båda, eller bara en av dem?"),
            ("eva", "[Båda]", "Sparat för Bo Dal: handledning mån 23 nov (v 48), 1 h"),
        ],
    )
    entries = world.rows(Entry)
    assert len({entry.trainee_id for entry in entries}) == 2
    assert [entry.people for entry in entries] == [[], []]
    assert [len(world.to(who, "confirm")) for who in ("anna", "bo")] == [1, 1]
    assert "Bo Dal" in world.say("eva", "ångra").text
    assert live(world) == []


def test_days_and_trainees_together_are_two_questions(world: World) -> None:
    hold(
        world,
        [
            ("eva", "handledning med Anna och Bo igår och idag 1h", "Gäller det båda dagarna"),
            ("eva", "båda", "Gäller det båda, eller bara en av dem?"),
            ("eva", "båda", "Sparat för Anna Berg: handledning sön 22 nov (v 47), 1 h"),
        ],
    )
    assert len(live(world)) == 4


def test_of_several_days_whose_is_asked_where_no_name_is_said(world: World) -> None:
    hold(
        world,
        [
            ("eva", "handledning igår och idag 1h", "Gäller det båda dagarna"),
            ("eva", "båda", "Vem gäller det?"),
            ("eva", "[Bo Dal]", "Sparat för Bo Dal: handledning mån 23 nov (v 48), 1 h"),
        ],
    )
    assert len(live(world)) == 2


def test_a_booking_for_two_is_taken_back_as_one_and_changed_one_by_one(world: World) -> None:
    hold(
        world,
        [
            ("eva", "boka handledning med Anna och Bo på torsdag kl 13", "Gäller det båda"),
            ("eva", "båda", "Bokat för Bo Dal: handledning tors 26 nov (v 48) 13:00"),
            ("eva", "ändra till kl 14", "Skriv ångra, och sedan raden igen som den ska vara."),
            ("eva", "ångra", "Ångrat: handledning tors 26 nov (v 48) 13:00 · med Anna Berg"),
        ],
    )
    assert planned(world) == []


def test_a_colleague_who_is_no_trainee_of_theirs_is_somebody_met(world: World) -> None:
    hold(world, [("eva", "handledning med Anna och Lena idag 1h", "Sparat för Anna Berg")])
    assert world.rows(Entry)[0].people == ["lena"]


def test_in_english(world: World) -> None:
    hold(
        world,
        [
            ("anna", "english", "English"),
            ("anna", "supervision yesterday and today 1h", "Is it both days, or just one of them?"),
            ("anna", "both", "Saved: supervision"),
            ("anna", "undo", "Undone: supervision"),
        ],
    )
    assert live(world) == []


# --- the other half's word on it

QUESTION = (
    "Anna Berg har sparat:\n"
    "• handledning ons 18 nov (v 47), 1 h · etik\n"
    "• handledning tors 19 nov (v 47), 1 h · etik\n"
    "• handledning fre 20 nov (v 47), 1 h · etik\n"
    "Stämmer det?"
)


@pytest.fixture
def asked(world: World) -> World:
    """Anna has saved three days, and Eva was asked about them."""
    hold(world, [("anna", WEEK, EVERY), ("anna", "alla", "Sparat")])
    return world


def confirmed(world: World) -> list[str]:
    entries = [entry for entry in world.rows(Entry) if entry.confirmed_at]
    return sorted(f"{entry.on_date:%d/%m}" for entry in entries)


def test_the_other_half_is_asked_once_about_all_and_answers_with_one_press(asked: World) -> None:
    (question,) = asked.to("eva", "confirm")
    assert question.text == QUESTION
    labels = [button.label for button in question.message.buttons]
    assert labels == ["Alla stämmer", "Inte ons 18 nov", "Inte tors 19 nov", "Inte fre 20 nov"]
    assert asked.press("eva", "Alla stämmer").text.startswith("Tack! Bekräftat, 3 stycken:")
    assert confirmed(asked) == ["18/11", "19/11", "20/11"]
    assert asked.press("eva", "Alla stämmer").text.startswith("Den har ändrats eller tagits bort")


@pytest.mark.parametrize("answer", ["ja", "stämmer", "bekräfta alla"])
def test_the_answer_to_all_is_said_in_words(asked: World, answer: str) -> None:
    hold(asked, [("eva", answer, "Tack! Bekräftat, 3 stycken:")])
    assert confirmed(asked) == ["18/11", "19/11", "20/11"]


def test_one_that_is_not_right_leaves_the_others_to_one_press(asked: World) -> None:
    hold(
        asked,
        [
            ("eva", "[Inte tors 19 nov]", "Anna Berg får veta det"),
            ("eva", "[De andra stämmer]", "Tack! Bekräftat, 2 stycken:"),
        ],
    )
    assert confirmed(asked) == ["18/11", "20/11"]
    (told,) = asked.to("anna", "notice")
    assert "detta inte stämmer: handledning tors 19 nov" in told.text


@pytest.mark.parametrize("answer", ["nej", "stämmer inte", "nej det var 30 min"])
def test_a_no_asks_which(asked: World, answer: str) -> None:
    hold(
        asked,
        [
            ("eva", answer, "Vilken av dem stämmer inte?"),
            ("eva", "[Inte ons 18 nov]", "Anna Berg får veta det"),
        ],
    )
    assert confirmed(asked) == []


def test_a_trainee_who_was_asked_says_which_is_to_be_changed(world: World) -> None:
    hold(
        world,
        [
            ("eva", "handledning i torsdags och i fredags 1h med Anna", "Gäller det båda dagarna"),
            ("eva", "båda", "Sparat för Anna Berg"),
            ("anna", "nej det var 30 min", "Vilken av dem stämmer inte?"),
        ],
    )
    world.jump_to("2026-11-23T09:01")
    hold(
        world,
        [
            ("anna", "[fre 20 nov]", "Så står det nu: handledning fre 20 nov"),
            ("anna", "ändra till 30 min", "Ändrat: handledning fre 20 nov (v 47), 30 min"),
        ],
    )


def test_what_was_undone_or_changed_before_it_was_asked_is_left_out(world: World) -> None:
    world.jump_to("2026-11-26T11:00")
    with_bundle = "handledning 17/11 och 18/11 1h"
    world.take(world.incoming("anna", with_bundle))
    world.take(world.incoming("anna", "båda"))
    world.take(world.incoming("anna", "ta bort handledning 18/11"))
    world.deliver()
    (question,) = world.to("eva", "confirm")
    assert question.text == "Anna Berg har sparat: handledning tis 17 nov (v 47), 1 h. Stämmer det?"
    assert [button.label for button in question.message.buttons] == ["Stämmer", "Stämmer inte"]


def test_one_alone_waits_for_its_answer_after_the_others(asked: World) -> None:
    hold(
        asked,
        [
            (
                "eva",
                "bekräfta handledning i torsdags",
                "Tack! Bekräftat för Anna Berg: handledning tors 19 nov",
            ),
            ("anna", "ta bort handledning i onsdags", "Ångrat"),
            ("eva", "[Alla stämmer]", "Tack! Bekräftat för Anna Berg: handledning fre 20 nov"),
        ],
    )
    assert confirmed(asked) == ["19/11", "20/11"]


def test_what_is_changed_together_is_asked_about_together(asked: World) -> None:
    hold(asked, [("anna", "ändra till 45 min", "Ändrat: handledning ons 18 nov")])
    assert len(asked.to("eva", "confirm")) == 2
    assert "• handledning fre 20 nov (v 47), 45 min · etik" in asked.to("eva", "confirm")[-1].text
    hold(asked, [("eva", "ja", "Tack! Bekräftat, 3 stycken:")])
    assert confirmed(asked) == ["18/11", "19/11", "20/11"]
