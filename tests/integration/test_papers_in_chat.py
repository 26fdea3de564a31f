"""Papers asked for in the chat: which files come, for whom, and access looked at again at the sending."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.message import File, Message
from storage.engine import writing
from storage.tables import Audit, Entry, Pairing, Person, Placement, Role, Trainee, Unit
from tests.support.papers import live, pages, text_of
from tests.support.world import ROSTER, World

NAMES = ("Disa Ek", "Elin Alm", "Frans Ask", "Gösta Öberg")
CROWD = "".join(
    f"{name.split()[0].lower().replace('ö', 'o')}@exempel.se,{name},"
    "trainee,Ekbacken,,eva@exempel.se,2026-01-12,2031-01-11,\n"
    for name in NAMES
)
JUDGEMENT = {
    "årsrapport": ["Vad har gjorts, och vad har gått bra?", "Vad återstår?", "Plan för det kommande året"],
    "handledarutlåtande": ["Handledarens bedömning", "Vad ST-läkaren behöver framåt"],
    "kollegium": ["Närvarande", "Kollegiets bedömning", "Åtgärder och uppföljning"],
}


def files(world: World, who: str) -> Sequence[File]:
    return world.to(who)[-1].message.files


def text(world: World, who: str) -> str:
    return "\n".join(text_of(file) for file in files(world, who))


def told(world: World, who: str, line: str) -> Message:
    world.say(who, line)
    return world.to(who)[-1].message


def test_export_gives_the_trainee_documentation_workbook_and_goals(world: World) -> None:
    world.say("anna", "handledning i fredags 1h STa1 anteckning-anna privat: hemlighet-anna")
    message = told(world, "anna", "export")
    assert [file.name for file in message.files] == [
        "handledning-och-bedomningar.pdf",
        "handledning-och-bedomningar.xlsx",
        "delmal.pdf",
    ]
    assert "anteckning-anna" in text(world, "anna")
    assert "hemlighet" not in text(world, "anna")
    assert "Privata anteckningar är inte med" in message.text


def test_a_supervisor_has_the_papers_of_own_trainees_by_name(world: World) -> None:
    assert [file.name for file in told(world, "eva", "underlag handledarutlåtande Anna").files] == [
        "underlag-handledarutlatande.pdf"
    ]
    assert "Anna Berg" in text(world, "eva")
    assert "Vem gäller det?" in told(world, "eva", "underlag kollegium").text
    assert told(world, "eva", "underlag kollegium Cia Strand").files == ()


def test_one_trainee_need_not_be_named(world: World) -> None:
    told(world, "lars", "underlag handledarutlåtande")
    assert "Cia Strand" in text(world, "lars")


@pytest.mark.parametrize("kind", JUDGEMENT)
@pytest.mark.parametrize("locale", ["sv", "en"])
def test_a_draft_is_one_page_even_after_five_years_of_all(world: World, kind: str, locale: str) -> None:
    live(world.engine, "anna", 5, world.clock())
    if locale == "en":
        world.say("anna", "språk engelska")
    told(world, "anna", f"underlag {kind}")
    [file] = files(world, "anna")
    assert len(pages(file.content)) == 1


@pytest.mark.parametrize("kind", JUDGEMENT)
def test_a_draft_is_one_page_whatever_people_are_called(world: World, kind: str) -> None:
    live(world.engine, "anna", 5, world.clock())
    world.say("anna", "sidotjänstgöring psykiatri 1/9-31/12 handledare Eva Ek")
    with writing(world.engine) as session:
        for person in session.exec(select(Person)).all():
            person.name = f"{person.name} " + "von Långtnamn-Ännulängre " * 7
            session.add(person)
        for entry in session.exec(select(Entry)).all():
            entry.people = [f"{entry.id}{'w' * 120}", "åsa " * 40]
            session.add(entry)
        for placement in session.exec(select(Placement)).all():
            placement.place = "M" * 200
            session.add(placement)
        for unit in session.exec(select(Unit)).all():
            unit.name = f"{unit.id} " + "Vårdcentralen " * 14
            session.add(unit)
    told(world, "anna", f"underlag {kind}")
    found = pages(files(world, "anna")[0].content)
    assert len(found) == 1
    for box in JUDGEMENT[kind]:
        assert box in found[0]


@pytest.mark.parametrize(("kind", "boxes"), JUDGEMENT.items())
def test_the_boxes_for_the_judgement_are_empty(world: World, kind: str, boxes: list[str]) -> None:
    live(world.engine, "anna", 5, world.clock())
    told(world, "anna", f"underlag {kind}")
    lines = pages(files(world, "anna")[0].content)[0].splitlines()
    after = lines.index("Fylls i av människor")
    assert [line.strip() for line in lines[after + 1 : -1]] == [*boxes, "Dag Underskrift"]
    assert lines[-1].startswith("Gjort av handledd")


def test_a_draft_says_that_it_is_one_its_period_and_what_it_was_made_from(world: World) -> None:
    count = live(world.engine, "anna", 2, world.clock())
    told(world, "anna", "underlag årsrapport")
    page = " ".join(pages(files(world, "anna")[0].content)[0].split())
    assert "Utkast: bara fakta" in page
    assert "Boten bedömer ingenting" in page
    assert "24 nov 2025–23 nov 2026" in page
    assert f"Gjort av handledd 23 nov 2026 kl 09:00 av {count} sparade händelser" in page


def test_a_draft_counts_the_period_and_the_one_before(world: World) -> None:
    live(world.engine, "anna", 1, world.clock() - timedelta(days=365))
    for line in ("handledning 4/11 1h", "handledning 11/11 90 min", "dops 9/11 av Åsa Öhrn"):
        world.say("anna", line)
    world.press("eva", "Stämmer")
    told(world, "anna", "underlag årsrapport")
    page = pages(files(world, "anna")[0].content)[0].splitlines()
    at = page.index("handledningar")
    assert page[at - 1] == "2"
    assert page[at + 1].startswith("förra perioden ")
    assert "DOPS" in "".join(page)
    assert "Åsa Öhrn 1" in " ".join(page)


def test_a_new_trainee_has_drafts_too(world: World) -> None:
    for kind in JUDGEMENT:
        told(world, "anna", f"underlag {kind}")
        assert len(pages(files(world, "anna")[0].content)) == 1


def test_since_the_last_kollegium_is_what_the_next_one_looks_at(world: World) -> None:
    world.say("anna", "kollegium 4 maj")
    told(world, "anna", "underlag kollegium")
    assert "4 maj 2026–23 nov 2026" in text(world, "anna")


def test_what_people_write_is_no_markup_in_a_draft(world: World) -> None:
    world.say("anna", "dops 9/11 av #import")
    with writing(world.engine) as session:
        entry = session.exec(select(Entry)).one()
        entry.people = ["*fet* $x$ @ref"]
        anna = session.exec(select(Person).where(Person.email == "anna@exempel.se")).one()
        anna.name = "Anna #sys.version $x$"
        session.add_all([entry, anna])
    told(world, "anna", "underlag årsrapport")
    page = text(world, "anna")
    assert "Anna #sys.version $x$" in page
    assert "*Fet* $X$ @Ref" in page


def test_who_is_no_longer_a_supervisor_at_the_sending_gets_no_paper_and_is_told(world: World) -> None:
    world.take(world.incoming("eva", "underlag kollegium Anna"))
    with writing(world.engine) as session:
        for pair in session.exec(select(Pairing)).all():
            pair.to_on = world.clock().date() - timedelta(days=1)
            session.add(pair)
    world.deliver()
    [sent] = world.to("eva")
    assert sent.message.files == ()
    assert "Det får du inte" in sent.text
    assert "Anna" not in sent.text


def test_who_lost_the_role_before_the_sending_gets_no_pack(world: World) -> None:
    world.take(world.incoming("siv", "underlag spur"))
    with writing(world.engine) as session:
        for role in session.exec(select(Role).where(Role.role == "studierektor")).all():
            session.delete(role)
    world.deliver()
    [sent] = world.to("siv")
    assert sent.message.files == ()


def test_a_named_pack_tells_of_each_trainee_and_supervisor(world: World) -> None:
    world.enrol(ROSTER + CROWD)
    for number, who in enumerate(("anna", "bo", "disa")):
        live(world.engine, who, 2, world.clock(), seed=number)
    world.say("siv", "spur 2026-03-12 dokumentationen brister")
    assert [file.name for file in told(world, "siv", "underlag spur").files] == [
        "underlag-granskning.pdf",
        "underlag-granskning.xlsx",
    ]
    page = text(world, "siv")
    for name in ("Anna Berg", "Gösta Öberg", "Eva Ek", "Åsa Öhrn"):
        assert name in page
    for said in ("dokumentationen brister", "12 mars 2026", "Med namn"):
        assert said in page


def test_a_pack_without_names_names_nobody(world: World) -> None:
    world.enrol(ROSTER + CROWD)
    for number, who in enumerate(("anna", "bo", "disa", "elin", "frans", "gosta")):
        live(world.engine, who, 2, world.clock(), seed=number)
    world.say("siv", "spur 2026-03-12 Anna Berg fick ingen handledning")
    told(world, "siv", "spur-underlag Ekbacken anonymt")
    page = text(world, "siv")
    everybody = (*NAMES, "Anna Berg", "Bo Dal", "Eva Ek", "Åsa Öhrn", "Nils Vik", "Siv Rektorsson")
    parts = {part for name in everybody for part in name.split()}
    assert {part for part in parts if re.search(rf"\b{part}\b", page)} == set()
    assert "Veckor med handledning" in page
    assert "mini-CEX" in page
    assert "SPUR" in page


def test_a_pack_without_names_of_fewer_than_five_leaves_figures_out_and_says_why(world: World) -> None:
    live(world.engine, "anna", 2, world.clock())
    told(world, "siv", "underlag spur anonymt")
    page = text(world, "siv")
    assert "färre än 5 ST-läkare" in page
    assert "utelämnade" in page
    for hidden in ("Veckor med handledning", "mini-CEX", "Specialistkollegier", "IUP-revideringar"):
        assert hidden not in page
    assert "Granskningar som har antecknats" in page


def test_four_are_too_few_and_five_are_enough(world: World) -> None:
    # Anna, Bo and two of the crowd are four; with a third they are five.
    rows = CROWD.splitlines(keepends=True)
    world.enrol(ROSTER + "".join(rows[:2]))
    told(world, "siv", "underlag spur anonymt")
    assert "Handledningar" not in text(world, "siv")
    world.enrol(ROSTER + "".join(rows[:3]))
    told(world, "siv", "underlag spur anonymt")
    assert "Handledningar" in text(world, "siv")


def _named_pack(world: World) -> bytes:
    told(world, "siv", "underlag spur")
    return files(world, "siv")[0].content


@pytest.mark.parametrize(("behind", "shown"), [(4, False), (5, True)])
def test_an_instrument_is_named_when_five_trainees_are_behind_it(
    world: World, behind: int, shown: bool
) -> None:
    world.enrol(ROSTER + CROWD)
    with writing(world.engine) as session:
        trainees = session.exec(select(Trainee).where(Trainee.unit_id == 1).limit(behind)).all()
        for each in trainees:
            session.add(
                Entry(
                    trainee_id=each.id or 0,
                    activity="assessment",
                    instrument="dops",
                    on_date=world.clock().date() - timedelta(days=20),
                    written_at=world.clock(),
                    written_by=each.person_id,
                )
            )
    told(world, "siv", "underlag spur anonymt")
    assert ("DOPS" in text(world, "siv")) == shown
    told(world, "siv", "underlag spur")
    assert "DOPS" in text(world, "siv")


def test_a_course_that_was_undone_trained_nobody(world: World) -> None:
    world.say("eva", "handledarutbildning 12/3")
    told(world, "siv", "underlag spur")
    assert "12 mars 2026" in text(world, "siv")
    world.say("eva", "ångra")
    told(world, "siv", "underlag spur")
    assert "12 mars 2026" not in text(world, "siv")


def test_how_many_people_is_untold_where_few_have_or_lack_it(world: World) -> None:
    world.enrol(ROSTER + CROWD)
    for who in ("anna", "bo"):
        world.say(who, "kollegium 4 maj")
    told(world, "siv", "underlag spur anonymt")
    page = pages(files(world, "siv")[0].content)[0]
    assert "ST-läkare med kollegium visas inte" in page
    assert "ST-läkare med introduktion 0 av 6" in page
    assert "Specialistkollegier" not in page  # two, mostly one each
    assert "Specialistkollegier 2" in " ".join(pages(_named_pack(world))[0].split())


def test_a_studierektor_of_two_units_says_which(world: World) -> None:
    world.enrol(ROSTER.replace("studierektor,Ekbacken", "studierektor,Ekbacken|Granlund"))
    message = told(world, "siv", "underlag spur")
    assert "Ekbacken, Granlund" in message.text
    assert message.files == ()
    assert len(told(world, "siv", "underlag spur granlund").files) == 2


def test_the_audit_trail_says_which_paper_of_whom(world: World) -> None:
    world.say("anna", "export")
    [row] = [row for row in world.rows(Audit) if row.act == "paper"]
    assert (row.subject, row.facts) == ("trainee:1", {"paper": "documentation", "anonymous": 0})


def test_underlag_alone_says_what_there_is(world: World) -> None:
    assert "underlag årsrapport" in told(world, "anna", "underlag").text
