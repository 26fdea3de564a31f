"""`handledd audit`: who did or saw what, when; of one trainee or since a day; never what was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from bot.cli.main import main
from handlers.message import IncomingKind
from storage.columns import Facts
from storage.engine import writing
from storage.tables import Audit, Transfer
from tests.support.world import World


@pytest.fixture
def lived(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A Monday and a Tuesday on which this and that happened."""
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", str(world.engine.url.render_as_string(hide_password=False)))
    world.say("anna", "handledning idag 1h svår-anteckning")
    world.press("eva", "Stämmer")
    world.say("bo", "handledning idag 45 min")
    world.say("eva", "oro Bo: hemlig-text")
    world.say("anna", "visa Cia Strand")
    world.say("anna", "lista försenade")
    world.jump_to("2026-11-24T09:00")
    world.say("siv", "visa Anna")
    world.say("siv", "oro")
    world.say("anna", "ångra")
    return world


def printed(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["audit", "--json", *options]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_changed_setting_is_told_with_what_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDLEDD_DATABASE_URL", str(world.engine.url.render_as_string(hide_password=False)))
    monkeypatch.setattr("bot.cli.own_rules.system_clock", world.clock)
    monkeypatch.setattr("bot.cli.settings.system_clock", world.clock)
    main(["settings", "set", "Ekbacken", "digest_day=3", "digest_at=13:00"])
    main(["settings", "set", "Ekbacken", "digest_day=5", "digest_at=13:00"])
    main(["settings", "set", "Ekbacken", "digest_day="])
    main(["rules", "override", "Ekbacken", "assessment", "count=5", "--reason", "hemlig-text"])
    main(["rules", "override", "Ekbacken", "assessment", "count=6", "--reason", "hemlig-text"])
    main(["rules", "off", "Ekbacken", "course", "--reason", "hemlig-text"])
    main(["rules", "reset", "Ekbacken", "assessment"])
    world.say("siv", "inställning veckofråga onsdag 10:30")
    world.say("anna", "påminn mig kl 9")
    world.say("anna", "påminn mig som vanligt")
    rows = [row["facts"] for row in printed(capsys) if row["act"] in ("settings", "own_rules")]
    assert rows == [
        {"digest_day": [None, 3], "digest_at": [None, "13:00"]},
        {"digest_day": [3, 5]},
        {"digest_day": [5, None]},
        {"assessment.count": [None, 5]},
        {"assessment.count": [5, 6]},
        {"course.off": [None, True]},
        {"assessment.count": [6, None]},
        {"weekly_day": [None, 3], "weekly_at": [None, "10:30"]},
        {"morning": [None, "09:00"]},
        {"morning": ["09:00", None]},
    ]
    main(["audit"])
    assert "digest_day=usual→3" in capsys.readouterr().out.replace("\n", "")


def test_everything_is_there_in_order_and_nothing_of_what_was_written(
    lived: World, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = printed(capsys)
    acts = [(row["who"].partition("@")[0], row["act"]) for row in rows]
    for each in [
        ("handledd", "roster_imported"),
        ("anna", "logged"),
        ("eva", "confirmed"),
        ("eva", "concern_raised"),
        ("anna", "refused"),
        ("siv", "shown"),
        ("siv", "concern_seen"),
        ("anna", "undone"),
    ]:
        assert each in acts
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    about = {(row["who"], row["act"]): row["about"] for row in rows}
    assert about["anna@exempel.se", "logged"] == about["siv@exempel.se", "shown"] == "anna@exempel.se"
    assert about["eva@exempel.se", "concern_raised"] == "bo@exempel.se"
    assert about["handledd", "roster_imported"] is None
    text = json.dumps(rows, ensure_ascii=False)
    assert "anteckning" not in text
    assert "hemlig" not in text


def test_of_one_trainee_it_is_what_they_did_and_what_was_done_about_them(
    lived: World, capsys: pytest.CaptureFixture[str]
) -> None:
    anna = [
        (row["who"].partition("@")[0], row["act"]) for row in printed(capsys, "--trainee", "anna@exempel.se")
    ]
    assert anna == [
        ("anna", "logged"),
        ("eva", "confirmed"),
        ("anna", "refused"),  # to see another
        ("anna", "refused"),  # a list
        ("siv", "shown"),
        ("anna", "undone"),
    ]
    bo = [row["act"] for row in printed(capsys, "--trainee", "bo@exempel.se")]
    assert bo == ["logged", "concern_raised", "concern_seen"]


def test_a_log_that_was_changed_remarked_on_and_taken_back_is_its_trainees_throughout(
    lived: World, capsys: pytest.CaptureFixture[str]
) -> None:
    lived.jump_to("2026-11-26T09:00")
    for line in ("handledning igår 45 min", "ändra till 1 h", "ändra till tisdag"):
        lived.say("anna", line)
    lived.press("eva", "Stämmer")
    lived.say("eva", "vi pratade länge")
    lived.say("anna", "ångra")
    rows = printed(capsys, "--since", "2026-11-26")
    assert [(row["act"], row["about"]) for row in rows] == [
        (act, "anna@exempel.se")
        for act in ("logged", "amended", "amended", "confirmed", "remarked", "undone")
    ]


def test_what_was_booked_for_several_at_once_and_a_history_offered_are_told_of_each(
    lived: World, capsys: pytest.CaptureFixture[str]
) -> None:
    lived.jump_to("2027-10-04T09:00")
    lived.tick()
    lived.say("siv", "kollegium planera")
    lived.press("siv", "Boka alla")
    lived.press("siv", "Ångra")
    with writing(lived.engine) as session:
        now = lived.clock()
        row = Transfer(
            trainee_id=1, digest="d", issuer="k", from_unit="Torget", issued_at=now, offered_at=now
        )
        session.add(row)
        session.flush()
        session.add(Audit(at=now, act="history_offered", subject=f"transfer:{row.id}"))
    acts = {
        who: [
            row["act"] for row in printed(capsys, "--trainee", f"{who}@exempel.se", "--since", "2027-10-04")
        ]
        for who in ("anna", "bo", "cia")
    }
    booked = ["booked", "kollegier_booked", "undone"]
    assert acts == {"anna": [*booked, "history_offered"], "bo": booked, "cia": []}


def test_since_a_day_means_from_its_midnight(lived: World, capsys: pytest.CaptureFixture[str]) -> None:
    rows = printed(capsys, "--since", "2026-11-24")
    assert {row["at"][:10] for row in rows} == {"2026-11-24"}
    assert printed(capsys, "--since", "2026-11-25") == []


def test_the_digests_that_went_out_are_told(lived: World, capsys: pytest.CaptureFixture[str]) -> None:
    lived.pass_to("2026-11-30T08:00")
    sent = [row for row in printed(capsys, "--since", "2026-11-30") if row["act"] == "digest_sent"]
    assert [(row["who"], row["facts"]) for row in sent] == [
        ("siv@exempel.se", {"week": "2026-11-30"}),
        ("tage@exempel.se", {"week": "2026-11-30"}),
    ]


LOOKS: dict[str, tuple[str, str, Facts]] = {
    "paper documentation --for eva@exempel.se --trainee anna@exempel.se --out doc.pdf": (
        "paper",
        "trainee:1",
        {"as": "person:3", "paper": "documentation", "anonymous": 0},
    ),
    "overview --for siv@exempel.se --png bild.png": (
        "digest_seen",
        "person:4",
        {"as": "person:4", "paper": "picture"},
    ),
    "digest --preview siv@exempel.se": ("digest_seen", "person:4", {"as": "person:4"}),
    "due": ("list_seen", "roster", {"list": "due"}),
    "due --trainee anna@exempel.se": ("list_seen", "trainee:1", {"list": "due"}),
    "due --unit Ekbacken": ("list_seen", "unit:1", {"list": "due"}),
    "roster export roster.csv": ("list_seen", "roster", {"list": "roster"}),
}


@pytest.mark.parametrize("line", LOOKS)
def test_what_is_looked_at_from_the_command_line_leaves_a_trace(
    lived: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = len(lived.rows(Audit))
    assert main(line.split()) == 0
    act, subject, facts = LOOKS[line]
    (seen,) = lived.rows(Audit)[before:]
    assert (seen.act, seen.subject, seen.actor_id) == (act, subject, None)
    assert seen.facts == {"from": "command line"} | facts


def test_who_opens_the_page_of_their_units_has_seen_it(lived: World) -> None:
    lived.say("siv", "", kind=IncomingKind.HOME)
    lived.say("anna", "", kind=IncomingKind.HOME)
    assert [row.act for row in lived.rows(Audit)][-1] == "digest_seen"


def test_a_table_is_for_people_and_a_stranger_is_named(
    lived: World, capsys: pytest.CaptureFixture[str], sqlite: Engine
) -> None:
    assert main(["audit"]) == 0
    assert "confirmed" in capsys.readouterr().out
    assert main(["audit", "--trainee", "eva@exempel.se"]) == 2
    assert "no trainee in the roster" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("who", "line", "seen"),
    [
        ("eva", "par", [("list_seen", "person:3", {"list": "pairs"})]),
        ("eva", "historik Anna Berg", [("shown", "trainee:1", {"list": "history"})]),
        ("eva", "historik", [("shown", f"trainee:{each}", {"list": "history"}) for each in (1, 2)]),
        ("siv", "okopplade", [("list_seen", "person:4", {"list": "unlinked"})]),
        ("bo", "visa Anna", [("refused", "inbox:2", {"intent": "show"})]),
        ("lars", "historik Anna Berg", [("refused", "inbox:2", {"intent": "history"})]),
        ("lars", "underlag dokumentation Anna Berg", [("refused", "inbox:2", {"intent": "paper"})]),
        ("anna", "historik", []),
        ("anna", "status", []),
    ],
)
def test_who_reads_about_others_in_the_chat_or_may_not_is_in_the_trail(
    world: World, who: str, line: str, seen: list[tuple[str, str, Facts]]
) -> None:
    world.say("anna", "handledning idag 1h")
    before = len(world.rows(Audit))
    world.say(who, line)
    assert [(row.act, row.subject, row.facts) for row in world.rows(Audit)[before:]] == seen


WRITES = {line: line.split()[-1] for line in LOOKS if line.split()[0] in ("paper", "overview", "roster")}


@pytest.mark.parametrize("line", WRITES)
def test_what_could_not_be_written_was_seen_by_nobody(
    lived: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = len(lived.rows(Audit))
    (tmp_path / WRITES[line]).mkdir()
    assert main(line.split()) == 1
    assert main([*line.split()[:-1], f"none/{WRITES[line]}"]) == 1
    assert len(lived.rows(Audit)) == before


@pytest.mark.parametrize("line", WRITES)
def test_no_file_is_there_that_is_not_in_the_trail(
    lived: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with writing(lived.engine) as session:
        session.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END")
        )
    with pytest.raises(IntegrityError, match="no room"):
        main(line.split())
    assert list(folder.iterdir()) == []
