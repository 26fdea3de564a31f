"""What comes in, from a real homeserver: what is heard, as what, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.platforms.contract import Platform
from handlers.message import IncomingKind, Message
from tests.contract.matrix.scene import BUTTONS, Scene, until

LINE = "handledning idag 1h: åäö ÅÄÖ"


def test_matrix_is_a_platform(scene: Scene) -> None:
    with scene.speaking() as host:
        platform: Platform = host.platform
        assert (platform.name, platform.limits.characters, platform.routes()) == ("matrix", 6000, ())


def test_a_line_in_a_direct_room_is_heard(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
        event = scene.anna.say(room, LINE)
        (told,) = until(lambda: scene.ear.heard, "the line")
    assert (told.kind, told.text, told.private) == (IncomingKind.TEXT, LINE, True)
    assert (told.sender.platform, told.sender.external_id) == ("matrix", scene.anna.user)
    assert (told.sender.address, told.message_ref) == (room, f"{room}|{event}")
    assert told.delivery_key == f"evt:{event}"
    assert abs(datetime.now(UTC) - told.at) < timedelta(minutes=5)


def test_letters_in_two_pieces_come_as_one(scene: Scene) -> None:
    with scene.listening():
        scene.anna.say(scene.room(), "åter i tjänst \x00")
        until(lambda: scene.ear.heard, "the line")
    assert scene.ear.texts == ["åter i tjänst"]


def test_a_line_written_before_the_bot_has_joined_is_heard(scene: Scene) -> None:
    room = scene.anna.direct_room(scene.bot.user)
    scene.anna.say(room, LINE)
    with scene.listening():
        until(lambda: scene.ear.heard, "the line")
    assert scene.ear.texts == [LINE]


def test_a_command_reads_as_on_other_platforms(scene: Scene) -> None:
    with scene.listening():
        scene.anna.say(scene.room(), "!handledning idag 1h")
        until(lambda: scene.ear.heard, "the command")
    assert scene.ear.texts == ["/handledning idag 1h"]


def test_an_edit_names_the_message_it_changes(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
        event = scene.anna.say(room, LINE)
        until(lambda: scene.ear.heard, "the line")
        scene.anna.edit(room, event, "handledning idag 45 min")
        until(lambda: len(scene.ear.heard) == 2, "the edit")
    first, edit = scene.ear.heard
    assert (edit.kind, edit.text) == (IncomingKind.EDIT, "handledning idag 45 min")
    assert edit.message_ref == first.message_ref
    assert edit.delivery_key != first.delivery_key


def test_a_deleted_message_is_told_of(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
        event = scene.anna.say(room, LINE)
        until(lambda: scene.ear.heard, "the line")
        scene.anna.delete(room, event)
        until(lambda: len(scene.ear.heard) == 2, "the deletion")
    assert scene.ear.heard[1].kind is IncomingKind.DELETE
    assert scene.ear.heard[1].message_ref == f"{room}|{event}"


def test_a_reaction_taken_back_and_a_message_of_somebody_elses_are_no_deletion(scene: Scene) -> None:
    with scene.listening() as host:
        room = scene.room()
        ref = host.run(host.platform.send(scene.address(room), Message("Sparat", buttons=BUTTONS), "d1"))
        reaction = scene.anna.react(room, ref.partition("|")[2], "👍")
        scene.anna.delete(room, reaction)
        scene.anna.delete(room, ref.partition("|")[2])
        scene.anna.say(room, "sist")
        until(lambda: "sist" in scene.ear.texts, "the last line")
    assert scene.ear.texts == ["sist"]


def test_what_claims_to_edit_a_message_of_somebody_elses_is_not_heard(scene: Scene) -> None:
    with scene.listening() as host:
        room = scene.room()
        ref = host.run(host.platform.send(scene.address(room), Message("Sparat", buttons=BUTTONS), "d1"))
        scene.anna.edit(room, ref.partition("|")[2], "handledning idag 3h")
        scene.anna.say(room, "sist")
        until(lambda: "sist" in scene.ear.texts, "the last line")
    assert scene.ear.texts == ["sist"]


def test_a_quoted_message_is_not_part_of_the_answer(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
        event = scene.anna.say(room, "först")
        scene.anna.answer(room, event, f"> <{scene.anna.user}> först\n> mer\n\nhandledning idag 1h")
        scene.anna.say(room, "> citat utan svar")
        until(lambda: len(scene.ear.heard) == 3, "the answers")
    assert scene.ear.texts == ["först", "handledning idag 1h", "> citat utan svar"]


def test_the_line_under_a_picture_is_heard_and_a_file_name_is_not(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
        picture = {"msgtype": "m.image", "url": "mxc://exempel.se/finnsinte"}
        scene.anna.put(room, "m.room.message", picture | {"body": "bild.png"})
        scene.anna.put(room, "m.room.message", picture | {"body": "bild.png", "filename": "bild.png"})
        scene.anna.put(room, "m.room.message", picture | {"body": LINE, "filename": "bild.png"})
        until(lambda: scene.ear.heard, "the line under the picture")
    assert scene.ear.texts == [LINE]


def test_notices_stickers_and_the_bots_own_words_are_not_heard(scene: Scene) -> None:
    with scene.listening() as host:
        room = scene.room()
        host.run(host.platform.send(scene.address(room), Message("hjälp"), "d1"))
        scene.anna.say(room, "från en annan bot", msgtype="m.notice")
        scene.anna.put(room, "m.sticker", {"body": "katt", "url": "mxc://exempel.se/katt", "info": {}})
        scene.anna.say(room, "sist")
        until(lambda: scene.ear.heard, "the last line")
    assert scene.ear.texts == ["sist"]


# --- choices


def test_a_number_presses_the_choice_of_the_newest_message(scene: Scene) -> None:
    for said in ("2", "2.", " 2) ", "2️⃣"):
        scene.ear.heard.clear()
        with scene.listening() as host:
            room = scene.room()
            ref = host.run(host.platform.send(scene.address(room), Message("Sparat", buttons=BUTTONS), said))
            scene.anna.say(room, said)
            (told,) = until(lambda: scene.ear.heard, "the press")
        assert (told.kind, told.press, told.text) == (IncomingKind.PRESS, "change:7:5", "")
        assert (told.message_ref, told.sender.external_id) == (ref, scene.anna.user)


def test_a_reaction_presses_the_choice_of_its_own_message(scene: Scene) -> None:
    with scene.listening() as host:
        room = scene.room()
        older = host.run(host.platform.send(scene.address(room), Message("Sparat", buttons=BUTTONS), "d1"))
        host.run(host.platform.send(scene.address(room), Message("Annat", buttons=BUTTONS[1:]), "d2"))
        scene.anna.react(room, older.partition("|")[2], "👍")
        scene.anna.react(room, older.partition("|")[2], "4️⃣")
        scene.anna.react(room, older.partition("|")[2], "1️⃣")
        (told,) = until(lambda: scene.ear.heard, "the press")
    assert (told.kind, told.press, told.message_ref) == (IncomingKind.PRESS, "undo:7:5", older)


def test_a_number_in_reply_to_a_message_presses_that_ones_choice(scene: Scene) -> None:
    with scene.listening() as host:
        room = scene.room()
        older = host.run(host.platform.send(scene.address(room), Message("Sparat", buttons=BUTTONS), "d1"))
        host.run(host.platform.send(scene.address(room), Message("Annat", buttons=BUTTONS[1:]), "d2"))
        scene.anna.answer(room, older.partition("|")[2], "1")
        (told,) = until(lambda: scene.ear.heard, "the press")
    assert (told.press, told.message_ref) == ("undo:7:5", older)


def test_a_number_that_is_no_choice_is_a_text(scene: Scene) -> None:
    with scene.listening() as host:
        room = scene.room()
        scene.anna.say(room, "1")
        host.run(host.platform.send(scene.address(room), Message("Sparat", buttons=BUTTONS), "d1"))
        scene.anna.say(room, "4")
        scene.anna.say(room, "45")
        until(lambda: len(scene.ear.heard) == 3, "the numbers")
    assert [(told.kind, told.text) for told in scene.ear.heard] == [
        (IncomingKind.TEXT, "1"),
        (IncomingKind.TEXT, "4"),
        (IncomingKind.TEXT, "45"),
    ]


def test_a_number_means_nothing_that_was_said_after_it(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
    scene.anna.say(room, "1")
    with scene.speaking() as host:
        host.run(host.platform.send(scene.address(room), Message("Sparat", buttons=BUTTONS), "d1"))
    with scene.listening():
        (told,) = until(lambda: scene.ear.heard, "the number")
    assert (told.kind, told.text) == (IncomingKind.TEXT, "1")


def test_a_number_written_twice_does_not_press_twice(scene: Scene) -> None:
    """What was pressed is replaced; the same number must not fall through to the message before it."""
    with scene.listening() as host:
        room, send = scene.room(), host.platform.send
        host.run(send(scene.address(room), Message("Sparat: måndag", buttons=BUTTONS), "d1"))
        newest = host.run(send(scene.address(room), Message("Sparat: tisdag", buttons=BUTTONS), "d2"))
        scene.anna.say(room, "1")
        until(lambda: scene.ear.heard, "the press")
        host.run(send(scene.address(room), Message("Ångrat", replaces=newest), "d3"))
        scene.anna.say(room, "1")
        until(lambda: len(scene.ear.heard) == 2, "the second number")
    assert [told.kind for told in scene.ear.heard] == [IncomingKind.PRESS, IncomingKind.TEXT]


def test_choices_changed_by_an_edit_are_those_that_count(scene: Scene) -> None:
    with scene.listening() as host:
        room, send = scene.room(), host.platform.send
        ref = host.run(send(scene.address(room), Message("Sparat", buttons=BUTTONS), "d1"))
        host.run(send(scene.address(room), Message("Ändrat", buttons=BUTTONS[2:], replaces=ref), "d2"))
        scene.anna.react(room, ref.partition("|")[2], "1️⃣")
        (told,) = until(lambda: scene.ear.heard, "the press")
    assert (told.press, told.message_ref) == ("next:7:5", ref)


def test_choices_survive_a_restart(scene: Scene) -> None:
    with scene.listening() as host:
        room = scene.room()
        host.run(host.platform.send(scene.address(room), Message("Sparat", buttons=BUTTONS), "d1"))
    with scene.listening():
        scene.anna.say(room, "3")
        (told,) = until(lambda: scene.ear.heard, "the press")
    assert told.press == "next:7:5"


def test_choices_in_somebody_elses_message_are_none(scene: Scene) -> None:
    """A forged message of the same shape: a reaction to it, and a number below it, press nothing."""
    with scene.listening():
        room = scene.room()
        forged = scene.anna.say(room, "1️⃣ Ångra", **{"se.handledd.choices": ["undo:7:5"]})
        until(lambda: scene.ear.heard, "the forged text")
        scene.anna.react(room, forged, "1️⃣")
        scene.anna.answer(room, forged, "1")
        until(lambda: len(scene.ear.heard) == 2, "the number")
    assert [told.kind for told in scene.ear.heard] == [IncomingKind.TEXT] * 2
