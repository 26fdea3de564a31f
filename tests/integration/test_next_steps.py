"""Answers that leave nobody standing: what is true, what to write next, and nothing that would be refused."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine

from handlers.roster.reading import RosterError
from storage.tables import Entry, Inbox, UnitDuty
from tests.integration.conversation import Turn, hold
from tests.support.world import ROSTER, World

HOUSE = ROSTER.replace("studierektor,Ekbacken,", "studierektor,Ekbacken|Granlund,") + (
    "hans@exempel.se,Hans Chefsäter,head,Ekbacken,,,,,\n"
    "cilla@exempel.se,Cilla Chefström,chief_director,,,,,,\n"
    "sara@exempel.se,Sara Skrivare,secretary,Ekbacken,,,,,\n"
)


@pytest.fixture
def house(sqlite: Engine) -> World:
    """Everybody of a house; Siv answers for two units."""
    return World(sqlite, roster=HOUSE)


CONVERSATIONS: dict[str, list[Turn]] = {
    "a placement is not changed in place, and the answer says how": [
        ("anna", "randning psykiatri 1/2-31/3", "psykiatri mån 1 feb"),
        ("anna", "ändra till 1/3-31/3", "Senast sparade du psykiatri mån 1 feb"),
    ],
    "where nothing is saved there is nothing to change": [
        ("anna", "ändra till 45 min", "Det finns inget att ändra just nu."),
    ],
    "no to an assessment is taken back in words too": [
        ("anna", "be @ek om bedömning mini-cex buksmärta", "Skickat till Eva Ek"),
        ("eva", "[Avböj]", "kan be någon annan"),
        ("eva", "ångra", "Begäran står kvar: mini-CEX · buksmärta"),
    ],
    "so is a level, and not a log before it": [
        ("eva", "handledning idag 1h Anna", "Sparat för Anna Berg"),
        ("anna", "be @ek om bedömning mini-cex buksmärta", "Skickat till Eva Ek"),
        ("eva", "[På väg]", "Sparat för Anna Berg"),
        ("eva", "ångra", "Begäran står kvar: mini-CEX · buksmärta"),
    ],
    "a level pressed after a no is told so": [
        ("anna", "be @ek om bedömning mini-cex buksmärta", "Skickat till Eva Ek"),
        ("eva", "[Avböj]", "kan be någon annan"),
        ("eva", "[På väg]", "Den frågan gäller inte längre"),
    ],
    "where the rulebook says weekly an agreed interval is no promise of fewer reminders": [
        ("anna", "vi ses varannan vecka", "enhetens regelverk säger ”Handledning varje vecka”"),
    ],
    "nobody is welcomed back before the day, and a supervisor not for the trainee": [
        ("anna", "föräldraledig från idag", "tills vidare"),
        ("anna", "åter 7/12", "Noterat: du är åter från mån 7 dec (v 50). Då börjar påminnelserna igen."),
        ("anna", "ångra", "gäller som förut"),
        ("eva", "åter i tjänst", "Vem gäller det?"),
        ("eva", "[Anna Berg]", "Noterat: Anna Berg är åter från mån 23 nov"),
    ],
    "who is back is named, and a trainee speaks of nobody else": [
        ("anna", "föräldraledig från 1/11", "tills vidare"),
        ("anna", "Eva åter idag", "Är det Eva Ek som är tillbaka?"),
        ("eva", "åter idag Anna", "Noterat: Anna Berg är åter från mån 23 nov"),
    ],
    "a trainee is known by a first name in small letters": [
        ("eva", "handledning anna 45 min", "Sparat för Anna Berg: handledning mån 23 nov (v 48), 45 min"),
    ],
    "the words of the button do as the button": [
        ("anna", "boka nästa", "Vilken dag"),
    ],
    "what was said to be mended is not, and the review stays saved": [
        ("siv", "spur Ekbacken 2026-03-12 rutiner saknas", "Anmärkningen följs upp"),
        ("siv", "spur åtgärdad", "är åtgärdad"),
        (
            "siv",
            "[Ångra]",
            "Ångrat. Anmärkningen från SPUR tors 12 mars (v 11), Ekbacken, väntar på uppföljning igen.",
        ),
        ("siv", "anmärkningar", "Anmärkningar som väntar på uppföljning: 1"),
    ],
    "a bare yes or no is not called strange": [
        ("anna", "glöm mig", "Vill du att jag glömmer dig?"),
        ("anna", "ja", "Tryck på knappen under frågan"),
        ("anna", "nej!", "Bra, då ändrar jag inget."),
        ("anna", "ja", "Inget väntar på ditt svar just nu."),
    ],
    "who leads units is shown the way to them": [
        ("siv", "status", "Skriv översikt"),
        ("hans", "status", "Skriv översikt"),
    ],
    "a supervisor is asked whose illness it is, and it may be their own": [
        ("eva", "sjuk idag", "Vem gäller det?"),
        ("eva", "[Jag själv]", "Sparat: du är borta mån 23 nov (v 48). Jag påminner dig inte under tiden."),
    ],
    "nor is it taken for that of the only trainee there is": [
        ("lars", "semester 7/12-13/12", "Vem gäller det?"),
        ("lars", "[Cia Strand]", "Sparat för Cia Strand: semester mån 7 dec"),
        ("lars", "åter 9/12", "Vem gäller det?"),
        ("lars", "Cia Strand sjuk 14/12-15/12", "Sparat för Cia Strand: sjuk"),
    ],
    "the label of a button may be written": [
        ("siv", "spur 2026-03-12", "Vilken enhet gäller det?"),
        ("siv", "ekbacken", "Sparat: SPUR tors 12 mars (v 11), Ekbacken."),
    ],
    "so may the first name on it": [
        ("eva", "handledning idag 1h", "Vem gäller det?"),
        ("eva", "Anna", "Sparat för Anna Berg: handledning"),
    ],
    "only a unit with a finding is asked about when one is mended": [
        ("siv", "spur Ekbacken 2026-03-12 för få handledare", "Anmärkningen följs upp"),
        ("siv", "spur åtgärdad", "är åtgärdad"),
        ("siv", "spur åtgärdad", "Det finns ingen öppen anmärkning från SPUR."),
    ],
}


@pytest.mark.parametrize("turns", CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
def test_the_answer_is_true_and_says_what_next(house: World, turns: list[Turn]) -> None:
    hold(house, turns)
    assert house.drift() == []


def test_the_rules_of_several_units_end_with_a_whole_line_and_name_the_topics_once(sqlite: Engine) -> None:
    units = ("orebro-2008", "skane-primarvard", "sormland-primarvard")
    rows = "".join(
        f"t{n}@exempel.se,Tove Nr{n},trainee,Enhet{n},{book},lars@exempel.se,2026-01-12,2031-01-11,\n"
        for n, book in enumerate(units)
    )
    house = World(sqlite, roster=HOUSE + rows)
    for who in ("cilla", "lars"):
        text = house.say(who, "regler").text
        assert len(text) <= 4000
        assert text.endswith("resten står hos studierektorn.") or "varje gång" in text
        assert text.count("• varje gång: ") <= 1
    assert "Regelverk Skåne, sjukhus:" in house.say("lars", "regler").text
    assert "Regelverk Örebro" in house.say("lars", "regler").text


def test_the_status_shows_no_session_that_lies_in_an_absence(house: World) -> None:
    for line in ("boka handledning 24/11 13-14", "boka handledning 9/12 13-14", "semester 24/11-30/11"):
        house.say("anna", line)
    [booked] = [line for line in house.say("anna", "status").text.splitlines() if line.startswith("Bokat: ")]
    assert booked.startswith("Bokat: handledning ons 9 dec")


def test_what_the_written_label_chose_is_chosen_once(house: World) -> None:
    hold(
        house,
        [("eva", "handledning idag 1h", "Vem"), ("eva", "Bo Dal", "Sparat"), ("eva", "[Bo Dal]", "redan")],
    )
    assert len(house.rows(Entry)) == 1
    assert house.rows(UnitDuty) == []


@pytest.mark.parametrize(
    ("who", "shown", "hidden"),
    [
        (
            "anna",
            ["sjuk idag", "be @lind om", "kalender", "språk engelska", "med Eva Ek"],
            ["översikt", "bjud in", "okopplade", "med Anna Berg"],
        ),
        (
            "eva",
            ["handledning igår 45 min med Anna Berg", "oro Anna Berg", "par", "underlag kollegium Anna Berg"],
            ["översikt", "bjud in", "be @lind om", "underlag spur", "din egen dokumentation", "med Eva Ek"],
        ),
        (
            "siv",
            ["översikt", "bjud in", "okopplade", "oro Anna Berg"],
            ["handledning idag", "sjuk idag", "par ·"],
        ),
        (
            "hans",
            ["översikt", "oro Anna Berg", "underlag spur"],
            ["handledning idag", "bjud in", "underlag kollegium"],
        ),
        (
            "cilla",
            ["översikt", "lista försenade", "underlag spur Ekbacken anonymt"],
            ["handledning idag", "oro Anna Berg", "påminn Anna Berg", "spur-underlag", "underlag kollegium"],
        ),
        ("sara", ["mina uppgifter", "status"], ["handledning idag", "sjuk idag", "underlag", "export"]),
    ],
)
def test_the_help_shows_what_one_may_do_and_nothing_that_is_refused(
    house: World, who: str, shown: list[str], hidden: list[str]
) -> None:
    text = house.say(who, "hjälp").text
    assert [each for each in shown if each not in text] == []
    assert [each for each in hidden if each in text] == []


@pytest.mark.parametrize("who", ["anna", "eva", "siv", "hans", "cilla", "sara"])
@pytest.mark.parametrize("language", ["svenska", "english"])
def test_nothing_that_the_help_shows_somebody_is_refused_to_them(
    house: World, who: str, language: str
) -> None:
    house.say(who, language)
    shown = [line.partition(": ")[2] for line in house.say(who, "hjälp").text.splitlines() if ": " in line]
    examples = [example for line in shown if "·" in line for example in line.split(" · ")]
    assert len(examples) >= 3
    for example in examples:
        house.say(who, example)
        assert (example, house.rows(Inbox)[-1].outcome) != (example, "refused")


@pytest.mark.parametrize(
    ("who", "line", "near"),
    [
        ("siv", "undelag spurr", "underlag spur"),
        ("eva", "undelag spurr", "underlag kollegium Anna Berg"),
        ("eva", "bjd nn lars@exempel.se", "handledning idag"),
        ("hans", "undelag kolegim", "underlag spur"),
    ],
)
def test_nothing_is_suggested_that_would_be_refused(house: World, who: str, line: str, near: str) -> None:
    answer = house.say(who, line).text
    assert answer.startswith("Det förstod jag inte.")
    assert near in answer
    assert "spur" not in answer or near == "underlag spur"


@pytest.mark.parametrize("who", ["hans", "cilla"])
def test_who_leads_and_sees_no_logs_is_told_which_papers_are_theirs(house: World, who: str) -> None:
    answers = {
        house.say(who, line).text
        for line in ("underlag kollegium Anna Berg", "underlag kollegium Nils Ingen", "export", "export Anna")
    }
    assert len(answers) == 1  # nothing is told of who there is
    assert "underlag spur anonymt" in answers.pop()
    assert house.say(who, "underlag spur Ekbacken anonymt").text.startswith("Här är underlaget")


@pytest.mark.parametrize(
    ("row", "mend"),
    [
        (
            "siv@exempel.se,Siv Rektorsson,studierektor,Granlund,,,,,",
            "flera enheter skrivs så här: Ekbacken|Granlund",
        ),
        ("anna@exempel.se,Anna Berg,trainee,Granlund,,,2026-01-12,,", "ta bort den ena raden"),
        ("anna@exempel.se,Anna Bergh,supervisor,Ekbacken,,,,,", "skriv samma namn på båda"),
        ("pia@exempel.se,Pia Pil,trainee,Ekbacken,skane-sjukhus,,2026-01-12,,", "skriv samma på båda"),
    ],
)
def test_a_row_that_clashes_with_another_says_how_to_mend_it(sqlite: Engine, row: str, mend: str) -> None:
    with pytest.raises(RosterError, match=re.escape(mend)):
        World(sqlite, roster=f"{ROSTER}{row}\n")
