"""What every platform must do, said once: a real database, receive and delivery behind a real server.

A new platform writes a `Bench` (tests/contract/benches.py) and gets every test here. What only one platform
has (signatures, offsets, streams) stays in its own folder.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Protocol

import pytest

from bot.platforms.contract import Platform, SendError
from handlers.message import Button, Field, File, Message
from storage.tables import Entry, Inbox, Outbox
from tests.support.waiting import wait_for
from tests.support.world import World

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(20)
"""Enough of a picture to be taken for one."""
PAYLOADS = (
    "<@U1> <!here> <b>x</b>",
    "*a* _b_ ~c~ `d`",
    "[e](http://x.se)",
    "&amp; &lt; &",
    "@anna #st /status",
)
LOG = "handledning idag 1h återkoppling på röntgen"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a person sees it: the platform's reference, its text, its buttons (label, press)."""

    ref: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


class Bench(Protocol):
    """A running platform, the people on it ("anna", "bo", "eva"), and what they do and see there."""

    people: World
    platform: Platform
    faults: tuple[str, ...]
    """The kinds of `break_next` that this platform can have."""
    tells_deletions: bool

    def say(self, who: str, text: str, name: str) -> None:
        """A line; `name` is the platform's name of the delivery, the same for the same."""
        ...

    def edit(self, who: str, name: str, text: str) -> None:
        """The line that was called `name` is changed."""
        ...

    def delete(self, who: str, name: str) -> None:
        """It is taken away; only where `tells_deletions`."""
        ...

    def press(self, who: str, on: Shown, press: str) -> None:
        """A button under a message is pressed, or a press is made up by `who`."""
        ...

    def seen(self, who: str) -> list[Shown]:
        """What somebody sees of the bot's, oldest first; a message that was replaced as it is now."""
        ...

    def files(self, who: str) -> list[str]:
        """The names of the files that somebody got."""
        ...

    def send(self, who: str, message: Message, delivery: str) -> str:
        """Straight through the platform. Raises SendError."""
        ...

    def break_next(self, kind: str) -> None:
        """The next send is: blocked, flooded (3 s), lost (after it was shown), token (of ours)."""
        ...

    def forge(self) -> list[int]:
        """The statuses of a line that nobody can have written: unsigned, wrongly signed, malformed."""
        ...


def newest(bench: Bench, who: str, beginning: str) -> Shown:
    """The newest message to somebody that begins so, once it is there."""
    return wait_for(lambda: [shown for shown in bench.seen(who) if shown.text.startswith(beginning)])[-1]


def press_of(shown: Shown, label: str) -> str:
    return next(press for each, press in shown.buttons if each == label)


def live(bench: Bench) -> list[Entry]:
    return [entry for entry in bench.people.rows(Entry) if entry.state == "live"]


def flat(text: str) -> str:
    """Without the spaces at which a platform may cut, and without what cannot be seen."""
    return "".join(letter for letter in "".join(text.split()) if unicodedata.category(letter) != "Cf")


class Contract:
    """Give these a fixture `bench`."""

    def test_swedish_letters_come_in_and_go_out_in_one_form(self, bench: Bench) -> None:
        bench.say("anna", unicodedata.normalize("NFD", LOG + " åäö ÅÄÖ é"), "first-line-1")
        assert "återkoppling" in newest(bench, "anna", "Sparat: handledning").text
        [entry] = live(bench)
        assert entry.note is not None
        assert unicodedata.is_normalized("NFC", entry.note)
        assert "åäö" in entry.note.casefold()

    def test_a_long_text_loses_nothing(self, bench: Bench) -> None:
        words = " ".join(f"ord{number}å" for number in range(1500))
        bench.send("anna", Message(words), "long")
        told = wait_for(lambda: "".join(shown.text for shown in bench.seen("anna")))
        assert flat(told) == flat(words)

    def test_fields_are_shown_with_their_labels(self, bench: Bench) -> None:
        fields = (Field("Tid", "1 h"), Field("Med", "Åsa Öst"))
        bench.send("anna", Message("Sparat", fields=fields), "fields")
        [shown] = wait_for(lambda: bench.seen("anna"))
        assert "Tid: 1 h" in shown.text
        assert "Med: Åsa Öst" in shown.text

    def test_a_button_of_ones_own_does_it_in_place(self, bench: Bench) -> None:
        bench.say("anna", LOG, "first-line-1")
        receipt = newest(bench, "anna", "Sparat")
        bench.press("anna", receipt, press_of(receipt, "Ångra"))
        assert newest(bench, "anna", "Ångrat").ref == receipt.ref
        assert newest(bench, "anna", "Ångrat").buttons == ()
        assert live(bench) == []

    def test_a_button_of_another_person_does_nothing_and_says_so(self, bench: Bench) -> None:
        bench.say("anna", LOG, "first-line-1")
        receipt = newest(bench, "anna", "Sparat")
        bench.press("bo", receipt, press_of(receipt, "Ångra"))
        wait_for(lambda: bench.seen("bo"))
        assert "Ångrat" not in bench.seen("bo")[-1].text
        assert len(live(bench)) == 1

    def test_an_edit_amends_what_was_written(self, bench: Bench) -> None:
        bench.say("anna", LOG, "first-line-1")
        newest(bench, "anna", "Sparat")
        bench.edit("anna", "first-line-1", "handledning idag 2h")
        newest(bench, "anna", "Ändrat")
        assert [entry.minutes for entry in live(bench)] == [120]

    def test_a_deletion_asks_where_the_platform_tells_of_it(self, bench: Bench) -> None:
        bench.say("anna", LOG, "first-line-1")
        newest(bench, "anna", "Sparat")
        if bench.tells_deletions:
            bench.delete("anna", "first-line-1")
            question = newest(bench, "anna", "Du tog bort")
            bench.press("anna", question, press_of(question, "Ta bort"))
            newest(bench, "anna", "Ångrat")
        assert len(live(bench)) == (0 if bench.tells_deletions else 1)

    def test_a_picture_and_a_file_come_along(self, bench: Bench) -> None:
        files = (File("översikt.png", PIXEL, "image/png"), File("export.xlsx", b"PK", "application/xlsx"))
        bench.send("anna", Message("Här är din export.", files=files), "files")
        assert wait_for(lambda: bench.files("anna")) == ["översikt.png", "export.xlsx"]
        assert bench.seen("anna")[-1].text.startswith("Här är din export.")

    def test_somebody_is_written_to_who_did_not_ask(self, bench: Bench) -> None:
        bench.say("anna", LOG, "first-line-1")
        question = newest(bench, "eva", "Anna Berg")
        bench.press("eva", question, press_of(question, "Stämmer"))
        assert newest(bench, "eva", "Tack!").ref == question.ref
        assert [entry.confirmed_at is not None for entry in live(bench)] == [True]

    @pytest.mark.parametrize(
        ("kind", "says"),
        [
            ("blocked", {"permanent": True, "perhaps": False, "ours": False, "retry_after": None}),
            ("flooded", {"permanent": False, "perhaps": False, "ours": False, "retry_after": 3.0}),
            ("lost", {"permanent": False, "perhaps": True, "ours": False, "retry_after": None}),
            ("token", {"permanent": False, "perhaps": False, "ours": True, "retry_after": None}),
        ],
    )
    def test_a_fault_says_what_kind_it_is(self, bench: Bench, kind: str, says: dict[str, object]) -> None:
        if kind in bench.faults:
            bench.break_next(kind)
            with pytest.raises(SendError) as caught:
                bench.send("anna", Message("canary-hemligt"), "fault")
            assert {name: getattr(caught.value, name) for name in says} == says
            assert "canary" not in str(caught.value)
        assert len(bench.seen("anna")) == (1 if kind == "lost" and kind in bench.faults else 0)

    def test_it_says_its_limits_and_takes_what_they_allow(self, bench: Bench) -> None:
        limits = bench.platform.limits
        assert min(limits.characters, limits.per_second) > 0
        bench.send("anna", Message("å" * min(limits.characters, 20_000)), "limit")
        assert sum(len(shown.text) for shown in wait_for(lambda: bench.seen("anna"))) >= 4096

    def test_the_same_delivery_counts_once_and_is_answered_once(self, bench: Bench) -> None:
        for _ in range(3):
            bench.say("anna", LOG, "first-line-1")
        bench.say("anna", "tack", "other-line-2")
        newest(bench, "anna", "Varsågod")
        assert len(live(bench)) == 1
        assert len([shown for shown in bench.seen("anna") if shown.text.startswith("Sparat")]) == 1
        assert len(bench.people.rows(Inbox)) == 2

    def test_the_same_press_twice_does_it_once(self, bench: Bench) -> None:
        bench.say("anna", LOG, "first-line-1")
        receipt = newest(bench, "anna", "Sparat")
        for _ in range(2):
            bench.press("anna", receipt, press_of(receipt, "Ångra"))
        newest(bench, "anna", "Ångrat")
        assert [entry.state for entry in bench.people.rows(Entry)] == ["void"]

    def test_what_nobody_can_have_written_is_refused(self, bench: Bench) -> None:
        assert set(bench.forge()) <= {400, 401, 403, 404, 415}
        assert bench.people.rows(Inbox) == []
        assert bench.people.rows(Outbox) == []

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_what_people_write_is_shown_literally(self, bench: Bench, payload: str) -> None:
        buttons = (Button(payload, "undo.1.1"),)
        bench.send("anna", Message(payload, fields=(Field(payload, payload),), buttons=buttons), "markup")
        [shown] = wait_for(lambda: bench.seen("anna"))
        assert flat(shown.text) == flat(f"{payload}{payload}:{payload}")
        assert shown.buttons == ((payload, "undo.1.1"),)
