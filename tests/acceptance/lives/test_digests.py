"""Who reads what on Mondays (behaviour.md, "Digest" and "Who may"), over ten weeks from 12 January 2026.

Three units: Ekbacken and Granlund are Siv's, Torget is Tage's; Hedda is Ekbacken's head, Olga watches all. At
Ekbacken the pair is in step; Cia at Granlund does not meet her supervisor until 12 February, Dan at Torget
never his.
"""

from __future__ import annotations

import pytest

from tests.acceptance.lives.life import Lived, live, weekly

ROSTER = """\
email,name,role,unit,rulebook,supervisor,start,end
anna@x.se,Anna Berg,trainee,Ekbacken,ostergotland-allmanmedicin,eva@x.se,2026-01-12,2031-01-11
cia@x.se,Cia Strand,trainee,Granlund,ostergotland-allmanmedicin,lars@x.se,2026-01-12,2031-01-11
dan@x.se,Dan Ohlin,trainee,Torget,ostergotland-allmanmedicin,olof@x.se,2026-01-12,2031-01-11
eva@x.se,Eva Ek,supervisor,Ekbacken,,,,
lars@x.se,Lars Lind,supervisor,Granlund,,,,
olof@x.se,Olof Hed,supervisor,Torget,,,,
siv@x.se,Siv Rektorsson,studierektor,Ekbacken|Granlund,,,,
tage@x.se,Tage Studberg,studierektor,Torget,,,,
hedda@x.se,Hedda Chef,head,Ekbacken,,,,
olga@x.se,Olga Over,chief_director,,,,,
"""
SCRIPT = [
    *weekly("anna", "2026-01-14", "2026-03-18"),
    *weekly("cia", "2026-02-12", "2026-03-19"),
    *(
        f"{day}T16:00 {who} st-möte idag"
        for day in ("2026-01-21", "2026-02-18", "2026-03-18")
        for who in ("anna", "cia", "dan")
    ),
    "2026-02-25T10:00 siv översikt",
    "2026-02-25T10:01 siv visa Dan Ohlin",
    "2026-02-25T10:02 tage visa Dan Ohlin",
    "2026-02-25T10:03 hedda översikt",
]
MONDAYS = ["01-12", "01-19", "01-26", "02-02", "02-09", "02-16", "02-23", "03-02", "03-09", "03-16"]


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Ten weeks, lived once."""
    return live(tmp_path_factory.mktemp("life"), ROSTER, SCRIPT, "2026-01-12", "2026-03-22")


@pytest.mark.parametrize("reader", ["siv", "tage", "hedda", "olga"])
def test_each_reader_gets_one_every_monday_at_half_past_seven(weeks: Lived, reader: str) -> None:
    assert [m["at"][:16] for m in weeks.of(reader, "digest")] == [f"2026-{day}T07:30" for day in MONDAYS]


def test_supervisors_and_trainees_get_none(weeks: Lived) -> None:
    for who in ("anna", "cia", "dan", "eva", "lars", "olof"):
        assert weeks.of(who, "digest") == []


def test_a_digest_keeps_to_its_readers_units(weeks: Lived) -> None:
    texts = {who: "\n".join(m["text"] for m in weeks.of(who, "digest")) for who in ("siv", "tage", "hedda")}
    assert "Cia Strand" in texts["siv"]
    assert "Dan Ohlin" not in texts["siv"]
    assert "Torget" not in texts["siv"]
    assert "Dan Ohlin" in texts["tage"]
    assert not any(name in texts["tage"] for name in ("Anna Berg", "Cia Strand", "Ekbacken", "Granlund"))
    assert not any(name in texts["hedda"] for name in ("Cia Strand", "Dan Ohlin", "Granlund", "Torget"))


def test_a_name_is_told_when_three_weeks_are_missed_and_not_before(weeks: Lived) -> None:
    # v 3, 4 and 5 are over on 2 Feb. Cia's session of 12 Feb, v 7, ends it; Dan's never comes.
    named = {
        who: [m["at"][5:10] for m in weeks.of(who, "digest") if m["step"] == "escalated"]
        for who in ("siv", "tage", "hedda")
    }
    assert named == {"siv": ["02-02", "02-09"], "tage": MONDAYS[3:], "hedda": []}
    (digest,) = [m for m in weeks.of("siv", "digest") if m["at"][5:10] == "02-02"]
    assert digest["items"] == [{"trainee": "cia@x.se", "requirement": "supervision", "step": "escalated"}]
    assert "Cia Strand (Granlund): 3 veckor i rad utan handledning, ingen sparad än" in digest["text"]
    before = [m["text"] for m in weeks.of("siv", "digest") if m["at"][5:10] in ("01-19", "01-26")]
    assert all("Cia" not in text and "Handledning varje vecka: 1 av 2 i fas" in text for text in before)


def test_the_chief_director_gets_figures_of_all_units_and_no_name(weeks: Lived) -> None:
    digests = weeks.of("olga", "digest")
    (second,) = [m["text"] for m in digests if m["at"][5:10] == "02-02"]
    assert "Läget: 1 av 3 i fas" in second
    assert "• Granlund: 1 av 1 väntar på studierektorn" in second
    assert "• Torget: 1 av 1 väntar på studierektorn" in second
    names = ("Anna", "Cia", "Dan", "Berg", "Strand", "Ohlin")
    assert not any(name in m["text"] for m in digests for name in names)
    assert all((m["items"], m["trainees"], m["step"]) == ([], [], None) for m in digests)


def test_one_line_when_all_is_well(weeks: Lived) -> None:
    first = weeks.of("siv", "digest")[0]["text"].splitlines()
    assert first == ["Sammanfattning · mån 12 jan (v 3)", "Alla 2 ST-läkare i fas. Inget väntar på dig."]
    _, line = weeks.of("hedda", "digest")[3]["text"].splitlines()
    assert "Inget väntar på dig" in line


def test_who_may_not_see_is_told_so_and_not_how_it_stands(weeks: Lived) -> None:
    replies = {(m["to"], m["at"][14:16]): m["text"] for m in weeks.messages if m["at"][:10] == "2026-02-25"}
    assert "Alla 2 ST-läkare i fas" in replies["siv@x.se", "00"]
    assert "Dan Ohlin · Torget" not in replies["siv@x.se", "01"]
    assert "Dan Ohlin · Torget" in replies["tage@x.se", "02"]
    assert "Cia" not in replies["hedda@x.se", "03"]
