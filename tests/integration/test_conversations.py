"""What people say and what they get, against the whole stack on a real file."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine

from handlers.message import IncomingKind
from storage.tables import Entry, EntryState, Inbox, Outbox, Standing
from tests.integration.conversation import Turn, hold
from tests.support.world import ROSTER, World

RECEIPT = "Sparat: handledning mån 23 nov (v 48), 1 h · etik\nv 48 klar."


def test_a_log_is_receipted_with_weekday_date_week_length_and_topic(world: World) -> None:
    answer = world.say("anna", "handledning idag 1h etik")
    assert answer.text.startswith(RECEIPT)
    assert [button.label for button in answer.buttons] == ["Ångra", "Ändra", "Boka nästa"]


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "5138-11-16", "9999-12-31"])
def test_a_line_stamped_by_no_clock_is_taken_as_said_now(world: World, day: str) -> None:
    at = datetime.fromisoformat(f"{day}T23:59:59+00:00")
    assert world.say("anna", "handledning idag 1h etik", at=at).text.startswith(RECEIPT)


def test_the_supervisor_is_asked_once_and_confirms_with_one_press(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    (asked,) = world.to("eva", "confirm")
    assert asked.text == "Anna Berg har sparat: handledning mån 23 nov (v 48), 1 h · etik. Stämmer det?"
    assert "Bekräftat" in world.press("eva", "Stämmer").text
    (entry,) = world.rows(Entry)
    assert entry.confirmed_at is not None
    assert "bekräftat" in world.say("anna", "historik").text


WITH_PRIVATE = "handledning idag 1h bra samtal privat: jag orkar inte"


def test_a_private_note_is_read_by_its_author_alone(world: World) -> None:
    assert "bra samtal privat: jag orkar inte" in world.say("anna", WITH_PRIVATE).text
    assert "1 h · bra samtal. Stämmer det?" in world.to("eva", "confirm")[0].text
    seen = [world.say("eva", line).text for line in ("historik", "status", "handledning idag 1h @anna")]
    seen += [world.press("eva", "Stämmer").text, *(sent.text for sent in world.to("eva"))]
    assert not any("orkar" in text for text in seen)
    assert "orkar" in world.say("anna", "historik").text


def test_a_trainee_who_changes_the_supervisors_line_never_sees_its_private_note(world: World) -> None:
    world.say("eva", "handledning idag 1h @anna privat: behöver stöd")
    assert "stöd" in world.to("eva", "reply")[-1].text
    world.say("anna", "historik")
    chain = world.rows(Entry)[0].chain_id
    owner = world.button("anna", "Stämmer").press.split(".")[-1]
    world.take(world.incoming("anna", kind=IncomingKind.PRESS, press=f"undo.{chain}.{owner}"))
    world.deliver()
    assert not any("stöd" in sent.text for sent in world.to("anna"))


def test_an_objection_reaches_the_author_and_leaves_a_trace(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    assert "Anna Berg får veta det" in world.press("eva", "Stämmer inte").text
    (told,) = world.to("anna", "notice")
    assert "Eva Ek säger att detta inte stämmer" in told.text
    (entry,) = world.rows(Entry)
    assert entry.disputed_at is not None
    assert entry.state == EntryState.LIVE


@pytest.mark.parametrize("verb", ["ok", "no"])
def test_nobody_answers_for_the_other_half_though_they_forge_the_button(world: World, verb: str) -> None:
    world.say("anna", "handledning idag 1h etik")
    entry = world.rows(Entry)[0].id
    owner = world.button("anna", "Ångra").press.split(".")[-1]
    world.take(world.incoming("anna", kind=IncomingKind.PRESS, press=f"{verb}.{entry}.{owner}"))
    (kept,) = world.rows(Entry)
    assert (kept.confirmed_at, kept.disputed_at) == (None, None)


CONVERSATIONS: dict[str, list[Turn]] = {
    "undo by button": [
        ("anna", "handledning idag 1h etik", "Sparat: handledning"),
        ("anna", "[Ångra]", "Ångrat: handledning mån 23 nov"),
        ("anna", "historik", "Inget är sparat än"),
    ],
    "undo by word takes the latest first": [
        ("anna", "handledning idag 1h etik", "Sparat"),
        ("anna", "mini-cex idag av dr Lind", "Sparat: mini-CEX"),
        ("anna", "ångra", "Ångrat: mini-CEX"),
        ("anna", "ångra", "Ångrat: handledning"),
        ("anna", "ångra", "Det finns inget att ångra"),
    ],
    "what is named is taken back, and not what was written after it": [
        ("anna", "handledning idag 1h etik", "Sparat"),
        ("anna", "boka handledning 3/12 kl 13", "Bokat"),
        ("anna", "semester v52", "Sparat: semester"),
        ("anna", "randning ortopedi v2-v6", "Sparat: sidotjänstgöring"),
        ("anna", "mini-cex idag", "Sparat: mini-CEX"),
        ("anna", "ta bort semestern", "Ångrat: semester"),
        ("anna", "ångra placeringen", "Ångrat: ortopedi"),
        ("anna", "ångra bokningen", "Ångrat: handledning tors 3 dec"),
        ("anna", "ta bort handledningen idag", "Ångrat: handledning mån 23 nov"),
        ("anna", "radera mini-cex igår", "inget är ångrat. Menar du det senaste? mini-CEX mån 23 nov"),
    ],
    "a line of its own is no answer to what was asked before it": [
        ("anna", "vi sågs en timme i fredags om etik", "Vad gäller det?"),
        ("anna", "boka 10 st handledning torsdagar kl 13", "Hur länge?"),
        ("anna", "historik", "Inget är sparat än"),
        ("anna", "vi sågs en timme i fredags om etik", "Vad gäller det?"),
        ("anna", "handledning", "Sparat: handledning fre 20 nov (v 47), 1 h · etik"),
    ],
    "an assessment whose instrument is told in a second line is not counted twice unasked": [
        ("anna", "bedömning idag", "Sparat: bedömning"),
        ("anna", "dops", "Du har redan bedömning mån 23 nov (v 48). Lägg till ändå?"),
        ("anna", "ändra till dops", "Ändrat: DOPS"),
        ("anna", "mini-cex", "Sparat: mini-CEX"),
        ("anna", "bedömning", "Du har redan"),
    ],
    "what is asked of the bot is answered as a person would": [
        ("anna", "när är min st slut", "Din utbildning slutar lör 11 jan 2031 (v 2)"),
        ("anna", "föräldraledig 1/12-31/12", "Sparat"),
        ("anna", "när slutar min st", "Det planerade slutet har flyttats till tis 11 feb 2031 (v 7)"),
        ("anna", "påminn mig inte på helgen", "bara vardagar mellan 8 och 17"),
        ("anna", "min handledare ställer alltid in", "Prata med studierektorn"),
        ("anna", "varför frågar du varje vecka?", "Skriv regler"),
    ],
    "a supervisor who asks who waits is told of their own": [
        ("eva", "lista försenade", "✓ Anna Berg: i fas\n✓ Bo Dal: i fas"),
        ("anna", "lista försenade", "Det får du inte göra här"),
    ],
    "what was asked is confirmed in words": [
        ("anna", "handledning idag 1h etik", "Sparat"),
        ("eva", "Stämmer!", "Tack! Bekräftat för Anna Berg: handledning mån 23 nov"),
        ("eva", "nästa gång tar vi mer om det svåra", "Tillagt till handledning mån 23 nov"),
        ("eva", "stämmer", "Inget väntar på ditt svar"),
        ("bo", "handledning idag 45 min", "Sparat"),
        ("eva", "ja", "Tack! Bekräftat för Bo Dal: handledning mån 23 nov (v 48), 45 min"),
        ("eva", "ja", "Skriv raden"),
    ],
    "several that wait are confirmed together, or told apart": [
        ("anna", "handledning idag 1h etik", "Sparat"),
        ("bo", "handledning igår 45 min", "Sparat"),
        (
            "eva",
            "det stämmer",
            "2 väntar på ditt svar:\n• Bo Dal: handledning sön 22 nov (v 47), 45 min\n• Anna",
        ),
        ("eva", "stämmer inte", "2 väntar på ditt svar"),
        ("eva", "bekräfta Anna", "Bekräftat för Anna Berg: handledning mån 23 nov"),
        ("anna", "mini-cex idag", "Sparat"),
        ("eva", "bekräfta alla", "Bekräftat, 2 stycken:\n• Anna Berg: mini-CEX"),
        ("eva", "bekräfta alla", "Inget väntar på ditt svar"),
    ],
    "those that are listed are confirmed by a word for all, and only then": [
        ("anna", "handledning idag 1h etik", "Sparat"),
        ("bo", "handledning igår 45 min", "Sparat"),
        ("eva", "tack", "Varsågod"),
        ("eva", "båda", "Det förstod jag inte"),
        ("eva", "stämmer", "2 väntar på ditt svar"),
        ("eva", "båda", "Tack! Bekräftat, 2 stycken"),
        ("eva", "ja", "Inget väntar på ditt svar"),
    ],
    "an objection in words is of what was asked, and changes nothing else": [
        ("eva", "handledning igår 1h med Bo", "Sparat för Bo Dal"),
        ("anna", "handledning idag 1h etik", "Sparat"),
        ("eva", "nej det var 30 min", "Den ändrar bara Anna Berg"),
        ("eva", "[Stämmer inte]", "Anna Berg får veta det"),
        ("bo", "nej det var 30 min", "Ändrat: handledning sön 22 nov (v 47), 30 min"),
        ("eva", "det stämmer inte", "Bo Dal får veta det"),
    ],
    "who supervises whom is not changed in words, and it is said who can": [
        ("siv", "gör lars till handledare för anna", "bjud in lars@exempel.se som handledare för Anna"),
        ("anna", "jag vill byta handledare", "Säg till utbildningssekreteraren eller studierektorn"),
    ],
    "what it was answers the question in words, and is not of today": [
        ("anna", "igår 45 min", "Vad gäller det?"),
        ("anna", "handledning", "Sparat: handledning sön 22 nov (v 47), 45 min"),
        ("anna", "i fredags 30 min", "Gäller det handledning"),
        ("anna", "utvecklingssamtal!", "Sparat: utvecklingssamtal fre 20 nov (v 47), 30 min"),
        ("anna", "boka 3/12 13-14", "Vad gäller det?"),
        ("anna", "Handledning", "Bokat: handledning tors 3 dec (v 49) 13:00, 1 h"),
        ("anna", "sjuk i förrgår och vab igår", "Vilken frånvaro"),
        ("anna", "vab", "Sparat: vab sön 22 nov"),
        ("anna", "i fredags 20 min", "Vad gäller det?"),
        ("anna", "handledning idag 1h", "Sparat: handledning mån 23 nov (v 48), 1 h"),
    ],
    "a line in doubt answers no question by being in doubt": [
        ("anna", "jag gillar handledning", "Vad gäller det?"),
        ("anna", "vill ha handledning idag", "Vad gäller det?"),
        ("anna", "igår 45 min", "Vad gäller det?"),
        ("anna", "handledning", "Sparat: handledning sön 22 nov (v 47), 45 min"),
    ],
    "an absence that is not settled is asked about, and one that is called off is taken back": [
        ("anna", "kanske semester v 50", "Är det bestämt?"),
        ("anna", "[Semester]", "Sparat: semester mån 7 dec–sön 13 dec (v 50)"),
        ("anna", "semester v 52 inställd", "Det hittar jag inte"),
        ("anna", "semester v 50 inställd", "Ångrat: semester mån 7 dec"),
        ("anna", "sjukskriven till årsskiftet", "Vilken dag menar du?"),
        ("anna", "till 31/12", "Sparat: sjukfrånvaro mån 23 nov–tors 31 dec"),
    ],
    "an absence for a part of each day says that it counts as whole days": [
        ("anna", "sjukskriven 50 % 1/12-31/12", "Det räknas som hela dagar."),
        ("anna", "[Ångra]", "Ångrat: sjukfrånvaro"),
        ("anna", "nej, mini-cex", "Det finns inget att ändra"),
        ("anna", "handledning idag 45 min", "Sparat: handledning"),
        ("anna", "nej, mini-cex", "Ändrat: mini-CEX mån 23 nov (v 48), 45 min"),
        ("anna", "nej 30, inte 45", "Ändrat: mini-CEX mån 23 nov (v 48), 30 min"),
    ],
    "nothing is taken back unasked where it cannot be told what": [
        ("anna", "ta bort allt", "Det finns inget att ångra"),
        ("anna", "handledning idag 1h etik", "Sparat"),
        ("anna", "ångra Bo", "inget är ångrat. Menar du det senaste? handledning mån 23 nov"),
        ("anna", "[Ångra]", "Ångrat: handledning"),
    ],
    "a question about one trainee is answered to those who may see it": [
        ("siv", "status anna", "Anna Berg · Ekbacken"),
        ("siv", "vad saknar Bo?", "Bo Dal · Ekbacken"),
        ("eva", "är anna i fas", "Anna Berg · Ekbacken"),
        ("eva", "annas historik", "Inget är sparat än"),
        ("siv", "historik anna", "Anna Berg · Ekbacken"),
        ("siv", "historik", "Skriv översikt"),
        ("siv", "status Ekbacken", "Skriv översikt"),
        ("eva", "export", "Skriv till exempel: export Anna Berg"),
        ("lars", "hur ligger anna till", "Jag hittar ingen med det namnet"),
        ("bo", "har anna haft kollegium i år", "Bo Dal · Ekbacken"),
    ],
    "a second press of undo changes nothing": [
        ("anna", "handledning idag 1h etik", "Sparat"),
        ("anna", "[Ångra]", "Ångrat"),
        ("anna", "[Ångra]", "redan ångrat"),
    ],
    "the same day again is asked about, and one press adds it": [
        ("anna", "handledning idag 1h etik", "Sparat"),
        ("anna", "handledning idag 45 min", "Du har redan handledning mån 23 nov (v 48), 1 h · etik"),
        ("anna", "[Lägg till ändå]", "Sparat: handledning mån 23 nov (v 48), 45 min"),
        ("anna", "[Lägg till ändå]", "redan tagit hand om"),
    ],
    "what took place before the year is counted is told apart from it": [
        # One of four within active day 92, 22 Feb: the day before is the last that is in time.
        ("anna", "mini-cex igår", "från mån 23 nov (v 48): 0 av 4 sedan dess. Nästa senast sön 21 feb"),
        # The longest gap after it, three months and 14 days, ends on 9 Mar.
        ("anna", "mini-cex idag", "från mån 23 nov (v 48): 1 av 4 sedan dess. Nästa senast tis 9 mars"),
    ],
    "a change of the minutes leaves the rest": [
        ("anna", "handledning idag 1h etik", "Sparat"),
        ("anna", "ändra till 45 min", "Ändrat: handledning mån 23 nov (v 48), 45 min · etik"),
    ],
    "what is written after Ändra is of the receipt that was pressed": [
        ("anna", "handledning igår 1h etik", "Sparat"),
        (
            "anna",
            "[Ändra]",
            "Så står det nu: handledning sön 22 nov (v 47), 1 h · etik.\nSkriv det som ska ändras",
        ),
        ("anna", "ångra", "Ångrat: handledning sön 22 nov (v 47)"),
        ("anna", "[Ändra]", "Den går inte att ändra längre"),
    ],
    "a question completes the original line": [
        ("anna", "idag 1h etik", "Vad gäller det?"),
        ("anna", "[Handledning]", "Sparat: handledning mån 23 nov (v 48), 1 h · etik"),
    ],
    "a question may be answered in words": [
        ("anna", "handledning idag 25h etik", "Hur länge?"),
        ("anna", "45 min", "Sparat: handledning mån 23 nov (v 48), 45 min · etik"),
        ("anna", "30 min", "Gäller det handledning mån 23 nov (v 48), 45 min · etik, som du just sparade"),
    ],
    "a question may be left unanswered": [
        ("anna", "handledning 31/2 1h etik", "Vilken dag menar du?"),
        ("anna", "mini-cex idag", "Sparat: mini-CEX mån 23 nov"),
        ("anna", "igår", "Gäller det mini-CEX"),
    ],
    "an absence pauses and can be undone": [
        ("anna", "semester v52-v1", "Sparat: semester mån 21 dec–sön 10 jan 2027"),
        ("anna", "[Ångra]", "Ångrat: semester"),
    ],
    "a booking and the next one": [
        ("anna", "boka handledning på torsdag 13-14", "Bokat: handledning tors 26 nov (v 48) 13:00, 1 h"),
        ("anna", "handledning idag 1h", "Sparat"),
        ("anna", "status", "Bokat: handledning tors 26 nov (v 48) 13:00, 1 h"),
    ],
    "a kollegium of a total is counted": [
        ("cia", "kollegium idag", "1 av 3 hittills. Nästa senast"),
    ],
    "book the next from the receipt": [
        ("anna", "handledning idag 13-14", "När ses ni nästa gång?"),
        ("anna", "[Boka nästa]", "När ses ni nästa gång?"),
        ("anna", "[Handledning mån 30 nov 13:00 1 h]", "Bokat: handledning mån 30 nov (v 49) 13:00, 1 h"),
    ],
    "a supervisor with several trainees is asked whose it is": [
        ("eva", "handledning idag 1h etik", "Vem gäller det?"),
        ("eva", "[Bo Dal]", "Sparat för Bo Dal: handledning mån 23 nov"),
        ("bo", "status", "i fas"),
    ],
    "of two trainees in one line none is left out in silence": [
        ("eva", "handledning igår 1h med Anna och Bo", "Gäller det båda, eller bara en av dem?"),
        ("eva", "[Bo Dal]", "Sparat för Bo Dal: handledning sön 22 nov (v 47), 1 h\nv 47 klar"),
        ("eva", "mini-cex idag av dr Kvist", "Vem gäller det?"),
        ("eva", "[Anna Berg]", "Sparat för Anna Berg: mini-CEX mån 23 nov (v 48) · av Kvist"),
    ],
    "when a training ends stands in the roster, and no log is moved by it": [
        ("eva", "handledning igår 1h med Anna", "Sparat för Anna Berg"),
        ("eva", "Anna slutar 1 mars", "Inget är ändrat"),
        ("eva", "ändra slutdatum för Anna till 1/3", "Inget är ändrat"),
        ("siv", "Anna Berg slutar sin ST 1/3", "Inget är ändrat"),
    ],
    "whose paper it is to be is a press too": [
        ("eva", "underlag kollegium", "Vem gäller det?"),
        ("eva", "[Bo Dal]", "utkast med fakta till specialistkollegiet för Bo Dal"),
        ("eva", "export", "Vem gäller det?"),
        ("eva", "Anna Berg", "Här är dokumentationen för Anna Berg"),
    ],
    "a supervisor who names the trainee is not asked": [
        ("eva", "handledning idag 1h @anna", "Sparat för Anna Berg"),
        ("eva", "semester v52-v1 Anna Berg", "Sparat för Anna Berg: semester"),
        ("eva", "Bo Dal sjuk tills vidare", "Skriv när det är över: åter i tjänst Bo Dal"),
        ("eva", "åter i tjänst Bo Dal", "Bo Dal"),
        ("eva", "boka handledning torsdag 13-14 med Anna Berg", "Bokat för Anna Berg: handledning"),
        ("eva", "boka handledning varje fredag 13-14 med Bo Dal", "Bokat varje vecka för Bo Dal: "),
    ],
    "a name is the roster's when it knows one, and stays as written when not": [
        ("anna", "handledning idag 1h med Eva", "1 h · med Eva Ek"),
        ("anna", "mini-cex idag av dr Kvist", "mini-CEX mån 23 nov (v 48) · av Kvist"),
        ("bo", "cbd idag @anna", "av Anna Berg"),
    ],
    "what is not understood gets an example": [
        ("anna", "pizza på fredag", "Det förstod jag inte"),
        ("anna", "/nonsens", "Närmast är"),
        ("anna", "", "Det kom inget jag kan läsa"),
        ("anna", "🎉🎉", "läsa"),
        ("anna", "\x00\x00", "läsa"),
        ("anna", "x" * 20_000, "för långt"),
    ],
    "small talk": [
        ("anna", "hej", "Så här gör du"),
        ("anna", "tack!", "Varsågod"),
        ("anna", "?", "Så här gör du"),
        ("anna", "hej då", "Tack detsamma!"),
        ("anna", "Trevlig helg!", "Tack detsamma!"),
        ("anna", "är du en robot?", "Jag är en bot"),
        ("anna", "gå live", "Jag är redan i gång"),
        ("anna", "byt påminnelsetid till kl 10", "påminnelser från kl 10:00"),
        ("anna", "orkar inte mer", "Prata gärna med din handledare eller studierektor"),
        ("siv", "orkar inte mer", "Prata gärna med någon du litar på"),
        ("anna", "Stop.", "Skriv hjälp"),
        ("anna", "senare", "Ingen brådska"),
    ],
    "a question saves nothing": [
        ("anna", "går det bra med handledning på torsdag?", "Vilken dag menar du?"),
        ("anna", "när senast kollegium", "Anna Berg · Ekbacken"),
        ("anna", "får min chef veta att jag är sjuk?", "Chefen ser hur du ligger till"),
        ("anna", "räknas telefonhandledning", "Källa: "),
        ("anna", "måste handledningen vara en timme", "Källa: "),
        ("anna", "historik", "Inget är sparat än"),
    ],
    "what will not be is called off, and what is to come is moved": [
        ("anna", "boka handledning på torsdag 13-14", "Bokat: "),
        ("anna", "vi tar det en timme senare", "handledning tors 26 nov (v 48) 14:00, 1 h"),
        ("anna", "ändra handledningen på torsdag till kl 15", "handledning tors 26 nov (v 48) 15:00, 1 h"),
        ("anna", "vi hoppar över handledningen på torsdag", "Inställt: handledning tors 26 nov"),
        ("anna", "uppfattat", "Skriv en rad när det är gjort"),
    ],
    "a bare no is the word of the other half": [
        ("anna", "handledning idag 1h", "Sparat: "),
        ("eva", "nej", "Anna Berg får veta det"),
        ("eva", "nej", "Bra, då ändrar jag inget"),
    ],
    "what was moved out of a series is called off with all": [
        ("anna", "boka handledning varje torsdag 13-14", "Bokat varje vecka"),
        ("anna", "flytta torsdag till fredag", "Flyttat från tors 26 nov"),
        ("anna", "samma tid nästa vecka", "Bokat: handledning fre 4 dec (v 49) 13:00, 1 h"),
        ("anna", "ångra", "Ångrat"),
        ("anna", "ångra", "gäller igen"),
        ("anna", "samma tid nästa vecka", "Ni har redan bokat handledning tors 3 dec"),
        ("anna", "flytta torsdag till fredag", "Flyttat från tors 26 nov"),
        ("anna", "avboka allt", "(24 tillfällen)"),
        ("anna", "det blev av", "Tryck på knappen under frågan"),
    ],
    "a review without a finding, and how the finding of another is closed": [
        ("siv", "stins idag utan anmärkning", "Sparat: intern granskning mån 23 nov (v 48), Ekbacken."),
        ("siv", "intern granskning åtgärdad", "Det finns ingen öppen anmärkning"),
        ("siv", "stins idag för få rum", "Skriv sedan: intern granskning åtgärdad"),
        ("siv", "intern granskning åtgärdad", "är åtgärdad"),
    ],
    "what is booked": [
        ("anna", "när ses vi?", "Du har ingenting bokat framöver"),
        ("anna", "boka handledning varje torsdag 13-14", "Bokat varje vecka"),
        ("bo", "boka handledning fre 27/11 kl 9", "Bokat: "),
        (
            "anna",
            "vad är bokat?",
            "Bokat:\n• handledning tors 26 nov (v 48) 13:00, 1 h\n• handledning tors 3 dec",
        ),
        ("anna", "mina bokningar", "och 19 till, som står i din kalender"),
        (
            "eva",
            "mina bokningar",
            "13:00, 1 h\n• Bo Dal: handledning fre 27 nov (v 48) 09:00\n• Anna Berg: handl",
        ),
        ("eva", "vad är bokat med Bo", "Bokat:\n• Bo Dal: handledning fre 27 nov (v 48) 09:00"),
        ("siv", "mina bokningar", "Skriv översikt"),
    ],
    "who is who": [
        (
            "anna",
            "vem är min handledare?",
            "Din handledare: Eva Ek\nStudierektor på Ekbacken: Siv Rektorsson",
        ),
        ("eva", "vem är studierektor", "Du handleder: Anna Berg och Bo Dal\nStudierektor på Ekbacken: Siv"),
        ("siv", "vem ska jag prata med", "Det står inget om det i listan än"),
    ],
    "who reads what": [
        ("anna", "vem kan se det jag skriver?", "Chefen ser hur du ligger till, men inte vad ni har skrivit"),
        ("eva", "kan chefen se mina anteckningar", "En oro går bara till studierektorn och chefen"),
        ("siv", "vem läser loggarna", "En logg läser ST-läkaren, handledaren och enhetens studierektor"),
    ],
    "a digest is not switched off, but may come when it is needed": [
        ("siv", "stäng av digest", "skriv: digest bara vid behov"),
        ("siv", "digest bara vid behov", "men inte när allt är i fas"),
        ("siv", "digest på", "också när allt är i fas"),
        ("anna", "stäng av digest", "så du får ingen"),
    ],
    "the same time next week": [
        ("anna", "samma tid nästa vecka", "När ses ni nästa gång?"),
        ("anna", "handledning idag 13-14", "Sparat: "),
        ("anna", "samma tid nästa vecka", "Bokat: handledning mån 30 nov (v 49) 13:00, 1 h"),
        ("anna", "boka samma tid nästa vecka", "Ni har redan bokat"),
        ("eva", "samma tid nästa vecka", "Vem gäller det?"),
        ("eva", "[Anna Berg]", "För Anna Berg är redan bokat"),
    ],
    "another day instead": [
        ("anna", "boka handledning på torsdag 13-14", "Bokat: "),
        ("anna", "kan vi ta det på fredag istället?", "Flyttat från tors 26 nov"),
        ("anna", "torsdag i stället för fredag", "Flyttat från fre 27 nov"),
        ("eva", "avboka torsdag Anna", "Inställt för Anna Berg: handledning tors 26 nov"),
    ],
    "a topic is added to what was saved": [
        ("anna", "handledning idag 1h etik", "1 h · etik"),
        ("anna", "lägg till kommunikation", "1 h · etik, kommunikation"),
    ],
    "rules say who says so": [("anna", "regler", "Källa: ")],
    "a secretary's roles decide": [
        (
            "siv",
            "specialistkollegium idag med Anna Berg",
            "Be en av dem skriva samma rad",
        ),
        ("anna", "digest", "Det får du inte göra"),
        ("siv", "digest", "Sammanfattning · "),
    ],
    "a studierektor looks at one trainee, and only at their own": [
        ("siv", "visa Anna", "Anna Berg · Ekbacken"),
        ("siv", "visa Cia", "Jag hittar ingen"),
        ("eva", "visa Bo Dal", "Bo Dal · Ekbacken"),
        ("bo", "visa Anna", "Jag hittar ingen"),
    ],
    "before the training began": [("anna", "handledning 2026-01-02 1h", "Utbildningen började mån 12 jan")],
}


@pytest.mark.parametrize("turns", CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
def test_conversation(world: World, turns: list[Turn]) -> None:
    hold(world, turns)
    assert world.drift() == []


BY_NIGHT = "Klockan är efter midnatt: jag räknar det till mån 23 nov (v 48)."


@pytest.mark.parametrize(
    ("at", "line", "day", "says_so"),
    [
        ("01:30", "handledning 1h etik", "mån 23 nov", True),
        ("03:59", "handledning 13-14", "mån 23 nov", True),
        ("04:00", "handledning 1h", "tis 24 nov", False),
        ("01:30", "handledning 1h 2026-11-23", "mån 23 nov", False),
        ("01:30", "handledning 1h igår", "mån 23 nov", False),
        ("01:30", "handledning 1h måndag", "mån 23 nov", False),
        ("01:30", "handledning 1h tors v47", "tors 19 nov", False),
        ("01:30", "handledning 1h 24/11", "tis 24 nov", False),
    ],
)
def test_only_a_line_without_a_date_is_counted_to_the_day_before(
    world: World, at: str, line: str, day: str, says_so: bool
) -> None:
    world.jump_to(f"2026-11-24T{at}")
    answer = world.say("anna", line).text
    assert f"Sparat: handledning {day}" in answer
    assert (BY_NIGHT in answer) is says_so
    assert "efter midnatt" not in answer.replace(BY_NIGHT, "")


def test_a_question_asked_by_night_still_says_which_day_it_is_counted_to(world: World) -> None:
    world.jump_to("2026-11-24T01:30")
    world.say("anna", "1h etik")
    assert BY_NIGHT in world.press("anna", "Handledning").text
    world.say("bo", "1h etik")
    assert BY_NIGHT in world.say("bo", "handledning").text
    world.say("bo", "ångra")
    world.say("bo", "1h etik")
    assert "efter midnatt" not in world.say("bo", "handledning igår").text


def test_today_by_night_is_today_and_one_line_makes_it_yesterday(world: World) -> None:
    world.jump_to("2026-11-24T01:30")
    answer = world.say("anna", "handledning idag 1h").text
    assert "Sparat: handledning tis 24 nov (v 48)" in answer
    assert "så idag är tis 24 nov (v 48). Menade du mån 23 nov (v 48)? Skriv: ändra till igår" in answer
    changed = world.say("anna", "ändra till igår").text
    assert "Ändrat: handledning mån 23 nov (v 48)" in changed
    assert "midnatt" not in changed


def test_an_identity_number_is_refused_before_anything_is_stored(world: World) -> None:
    answer = world.say("anna", "handledning idag 1h patient 19121212-1212")
    assert "personnummer" in answer.text
    assert "1212" not in answer.text
    assert world.rows(Entry) == []
    with world.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert "19121212" not in dump


def test_status_starts_with_what_needs_doing(world: World) -> None:
    world.pass_to("2026-11-30T09:00")
    lines = world.say("anna", "status").text.splitlines()
    assert lines[1:3] == ["Att göra:", "! Handledning varje vecka: väntar sedan v 48"]


def test_the_inbox_keeps_the_outcome_and_not_the_text(world: World) -> None:
    world.say("anna", "handledning idag 1h etik bukstatus")
    (row,) = world.rows(Inbox)
    assert (row.outcome, row.subject) == ("logged", "entry:1")
    assert not hasattr(row, "text")


def test_a_button_works_only_for_the_person_it_was_sent_to(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    undo = world.button("anna", "Ångra").press
    reply = world.take(world.incoming("bo", kind=IncomingKind.PRESS, press=undo))
    assert reply.outcome == "refused"
    assert [entry.state for entry in world.rows(Entry)] == [EntryState.LIVE]


def test_a_forged_owner_does_not_open_somebody_elses_log(world: World) -> None:
    world.say("anna", "handledning idag 1h etik")
    verb, chain, _owner = world.button("anna", "Ångra").press.split(".")
    bo = next(standing.trainee_id for standing in world.rows(Standing) if standing.trainee_id == 2)
    for owner in (1, 2, 3, bo):
        world.take(world.incoming("bo", kind=IncomingKind.PRESS, press=f"{verb}.{chain}.{owner}"))
    assert [entry.state for entry in world.rows(Entry)] == [EntryState.LIVE]


@pytest.mark.parametrize(
    "press", ["", "undo", "undo.x.1", "undo.1", "drop.1.1", "pick.999.0.1", "ok.99.1", "é.1", f"ok.{2**31}.1"]
)
def test_a_made_up_press_is_answered_and_does_nothing(world: World, press: str) -> None:
    reply = world.take(world.incoming("anna", kind=IncomingKind.PRESS, press=press))
    assert reply.message.text
    assert world.rows(Entry) == []


def test_every_answer_waits_in_the_outbox_of_the_same_transaction(world: World) -> None:
    world.take(world.incoming("anna", "handledning idag 1h etik"))
    assert sorted(row.kind for row in world.rows(Outbox)) == ["confirm", "reply"]


NAMESAKES = (
    ROSTER
    + """\
kim.alm@exempel.se,Kim Alm,supervisor,Ekbacken,,,,,
kim.bo@exempel.se,Kim Bo,supervisor,Ekbacken,,,,,
eva.alm@exempel.se,Eva Alm,supervisor,Ekbacken,,,,,
"""
)


def test_two_colleagues_of_one_name_are_asked_about_and_the_press_logs_the_original_line(
    sqlite: Engine,
) -> None:
    world = World(sqlite, roster=NAMESAKES)
    asked = world.say("anna", "cbd idag av Kim bukstatus")
    assert [button.label for button in asked.buttons] == ["Kim Alm", "Kim Bo"]
    assert "CBD mån 23 nov (v 48) · av Kim Bo · bukstatus" in world.press("anna", "Kim Bo").text


def test_ones_own_supervisor_comes_before_a_namesake_in_the_unit(sqlite: Engine) -> None:
    assert "med Eva Ek" in World(sqlite, roster=NAMESAKES).say("anna", "handledning idag 1h med Eva").text


def test_what_still_waits_after_a_log_is_not_told_as_yet_to_come(world: World) -> None:
    # Nine a year: by 16 Feb, active day 86, two are asked for, the first by day 41, 2 Jan.
    world.jump_to("2027-02-16T10:00")
    told = world.say("cia", "mini-cex idag").text
    assert "1 av 9 sedan dess. Nästa har väntat sedan lör 2 jan (v 53)." in told
    assert "Nästa senast" in world.say("cia", "mini-cex igår").text


def test_a_surname_that_no_reader_knows_is_part_of_the_name_and_no_note(world: World) -> None:
    world.enrol(
        ROSTER + "bilal@exempel.se,Bilal Noor,trainee,Ekbacken,,eva@exempel.se,2026-01-12,2031-01-11,\n"
    )
    for line in ("handledning idag 1h med Bilal Noor", "handledning igår 45 min med Bilal Noor tungt"):
        assert world.say("eva", line).text.startswith("Sparat för Bilal Noor: handledning")
    assert [(entry.people, entry.note) for entry in world.rows(Entry)] == [([], None), ([], "tungt")]


def test_who_answers_for_several_units_presses_which_one_a_pack_is_of(world: World) -> None:
    world.enrol(ROSTER.replace("studierektor,Ekbacken", "studierektor,Ekbacken|Granlund"))
    asked = world.say("siv", "underlag spur anonymt")
    assert [button.label for button in asked.buttons] == ["Ekbacken", "Granlund"]
    assert "granskning av Granlund, utan namn" in world.press("siv", "Granlund").text


def test_of_two_with_the_name_one_presses_who_is_meant(world: World) -> None:
    world.enrol(
        ROSTER + "anna2@exempel.se,Anna Dal,trainee,Ekbacken,,eva@exempel.se,2026-01-12,2031-01-11,\n"
    )
    for line, answered in (("visa Anna", "Anna Dal · Ekbacken"), ("påminn Anna", "påminna Anna Dal om")):
        assert world.say("siv", line).text == "Vem menar du: Anna Berg, Anna Dal? Skriv hela namnet."
        assert answered in world.press("siv", "Anna Dal").text
