"""Rooms: which invitations are accepted, who alone reads an answer, what is heard where others read along."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.platforms.contract import SendError
from bot.platforms.matrix import LIMITS, Matrix
from bot.platforms.matrix_rooms import trust
from handlers.message import Incoming, IncomingKind, Message
from tests.contract.matrix.scene import BUTTONS, Host, Scene, until
from tests.support.matrix_people import Someone


def stands(scene: Scene, room: str, who: Someone | None = None) -> str:
    """The bot's membership of a room, as somebody in it sees it."""
    return (who or scene.anna).members(room).get(scene.bot.user, "")


def invited_to(scene: Scene, who: Someone | None = None) -> str:
    """The room that the bot has asked somebody into."""
    found = [room for room, by in (who or scene.anna).invitations().items() if by == scene.bot.user]
    return found[0] if found else ""


def send(host: Host, scene: Scene, text: str = "hej", room: str = "", **more: Any) -> str:
    return host.run(host.platform.send(scene.address(room, **more), Message(text), f"d-{text}"))


def words(scene: Scene, room: str, who: Someone | None = None) -> list[str]:
    """What the bot has said in a room."""
    return (who or scene.anna).read(room, scene.bot.user)


# --- invitations


def test_an_invitation_to_a_direct_room_is_accepted(scene: Scene) -> None:
    with scene.listening():
        room = scene.anna.direct_room(scene.bot.user)
        until(lambda: stands(scene, room) == "join", "the bot to join")


def test_an_invitation_from_before_the_first_start_is_accepted(scene: Scene) -> None:
    room = scene.anna.direct_room(scene.bot.user)
    with scene.listening():
        until(lambda: stands(scene, room) == "join", "the bot to join")


def test_a_room_of_two_is_one_whether_it_is_called_direct_or_not(scene: Scene) -> None:
    with scene.listening():
        room = scene.anna.direct_room(scene.bot.user, is_direct=False)
        until(lambda: stands(scene, room) == "join", "the bot to join")
        scene.anna.say(room, "idag")
        until(lambda: scene.ear.heard, "the line")
    assert scene.ear.heard[0].private
    assert scene.mapped() == [room]


def test_a_room_of_several_is_left_with_a_word(scene: Scene) -> None:
    with scene.listening():
        room = scene.anna.direct_room(scene.bo.user, scene.bot.user, is_direct=False)
        until(lambda: stands(scene, room) == "leave", "the bot to leave")
    [left] = [
        event["content"]["reason"]
        for event in scene.anna.events(room, "m.room.member")
        if event["content"].get("membership") == "leave"
    ]
    assert left.startswith("Här är fler än du och jag.")
    assert scene.mapped() == []


def test_an_invitation_from_a_stranger_is_left_unanswered(scene: Scene) -> None:
    with scene.listening(trusted=scene.bo.user):
        room = scene.anna.direct_room(scene.bot.user)
        scene.anna.say(room, "släpp in mig")
        scene.bo.say(scene.room(scene.bo), "sist")
        until(lambda: scene.ear.heard, "the trusted line")
    assert stands(scene, room) == "invite"
    assert scene.ear.texts == ["sist"]


def test_a_stranger_in_a_room_of_old_is_not_heard(scene: Scene) -> None:
    room = scene.old_room()
    shared = scene.old_room(scene.bo)
    with scene.listening(trusted=scene.bo.user):
        scene.anna.say(room, "!handledning idag 1h")
        scene.bo.say(shared, "sist")
        until(lambda: scene.ear.heard, "the trusted line")
    assert scene.ear.texts == ["sist"]


def test_who_is_trusted_by_name_or_by_server_is_heard(scene: Scene) -> None:
    for trusted in (scene.anna.user, "exempel.se", f"annan.se, {scene.anna.user}", ""):
        scene.ear.heard.clear()
        with scene.listening(trusted=trusted):
            scene.anna.say(scene.room(), "hej")
            until(lambda: scene.ear.heard, "the trusted line")


def test_whom_the_bot_trusts() -> None:
    named = trust("annan.se, @lars:tredje.se\n@eva:fjärde.se:8448", "@handledd:exempel.se")
    assert "@bo:annan.se" in named
    assert "@lars:tredje.se" in named
    assert "@eva:fjärde.se:8448" in named
    strangers = (
        "@anna:exempel.se",
        "@bo:tredje.se",
        "@x:annan.se.elak.se",
        "@annan.se:elak.se",
        "annan.se",
        "",
    )
    assert not [stranger for stranger in strangers if stranger in named]


def test_where_nobody_is_named_the_bots_own_server_is_trusted() -> None:
    own = trust(" ", "@handledd:exempel.se")
    assert "@anna:exempel.se" in own
    assert "@anna:annan.se" not in own


def test_an_invitation_that_was_taken_back_holds_up_nothing(scene: Scene) -> None:
    with scene.listening():
        scene.fault("/join$", "refuse", method="POST", status=404, body={"errcode": "M_NOT_FOUND"})
        gone = scene.anna.direct_room(scene.bot.user)
        scene.bo.say(scene.room(scene.bo), "hej")
        until(lambda: scene.ear.heard, "another line")
    assert stands(scene, gone) == "invite"


def test_an_invitation_is_tried_again_after_a_fault(scene: Scene) -> None:
    with scene.listening():
        scene.fault("/join$", "refuse", method="POST", status=503, times=2)
        room = scene.anna.direct_room(scene.bot.user)
        until(lambda: stands(scene, room) == "join", "the bot to join")


# --- encrypted rooms


def test_an_invitation_to_an_encrypted_room_leads_to_one_that_is_not(scene: Scene) -> None:
    with scene.listening():
        secret = scene.anna.direct_room(scene.bot.user, encrypted=True)
        room = until(lambda: invited_to(scene), "the bot's own invitation")
        until(lambda: stands(scene, secret) == "leave", "the bot to decline")
        scene.anna.join(room)
        (said,) = words(scene, room)
        scene.anna.say(room, "hej")
        until(lambda: scene.ear.heard, "the line")
    assert "krypterade rum kan jag inte läsa" in said
    assert "cannot read encrypted rooms" in said


def test_a_room_that_becomes_encrypted_is_left_for_one_that_is_not(scene: Scene) -> None:
    with scene.listening() as host:
        old = scene.room()
        send(host, scene, "förut", old)
        scene.anna.encrypt(old)
        scene.anna.put(old, "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"})
        room = until(lambda: invited_to(scene), "the bot's own invitation")
        until(lambda: stands(scene, old) == "leave", "the bot to leave")
        scene.anna.join(room)
        assert host.run(host.platform.send(scene.address(old), Message("nu"), "d9")).startswith(room)
    assert words(scene, room)[1:] == ["nu"]
    assert words(scene, old) == ["förut"]


def test_an_encrypted_message_in_a_group_is_nobodys(scene: Scene) -> None:
    with scene.listening():
        group = scene.room()
        scene.anna.invite(group, scene.bo.user)
        scene.anna.put(group, "m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"})
        scene.anna.say(group, "!sist")
        until(lambda: scene.ear.heard, "the next line")
    assert invited_to(scene) == ""


# --- where a person alone reads


def test_a_person_not_met_yet_is_asked_into_a_room_of_two(scene: Scene) -> None:
    with scene.speaking() as host:
        reference = send(host, scene)
        again = send(host, scene, "igen")
        room = invited_to(scene)
        scene.anna.join(room)
        send(host, scene, "efteråt")
    assert reference.startswith(f"{room}|")
    assert again.startswith(f"{room}|")
    assert words(scene, room) == ["hej", "igen", "efteråt"]
    assert scene.anna.members(room) == {scene.anna.user: "join", scene.bot.user: "join"}


def test_several_messages_at_once_to_somebody_new_share_one_room(scene: Scene) -> None:
    async def send_all(platform: Matrix) -> list[str]:
        lines = [Message(f"rad {number}") for number in range(LIMITS.at_once)]
        sends = [platform.send(scene.address(), message, message.text) for message in lines]
        return await asyncio.gather(*sends)

    with scene.speaking() as host:
        references = host.run(send_all(host.platform))
    [room] = {reference.partition("|")[0] for reference in references}
    assert list(scene.anna.invitations()) == scene.mapped() == [room]


def test_a_room_of_two_is_found_again_after_a_restart(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
    with scene.speaking() as host:
        assert send(host, scene).startswith(f"{room}|")


def test_an_invitation_accepted_in_the_room_where_the_bot_asked_is_heard_from(scene: Scene) -> None:
    with scene.listening() as host:
        send(host, scene)
        room = until(lambda: invited_to(scene), "the invitation")
        scene.anna.join(room)
        scene.anna.say(room, "tack")
        (told,) = until(lambda: scene.ear.heard, "the line")
    assert (told.private, told.sender.address) == (True, room)


def test_a_room_that_somebody_else_was_asked_into_is_private_no_more(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        send(host, scene, "för två", room)
        scene.anna.invite(room, scene.bo.user)
        own = send(host, scene, "hemligt", room)
    assert not own.startswith(room)
    assert words(scene, room) == ["för två"]
    scene.anna.join(invited_to(scene))
    assert words(scene, own.partition("|")[0]) == ["hemligt"]


def test_a_person_who_left_has_turned_the_bot_away(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        send(host, scene, "hej", room)
        scene.anna.leave(room)
        with pytest.raises(SendError) as caught:
            send(host, scene, "är du där", room)
    assert caught.value.permanent
    assert invited_to(scene) == ""


def test_a_person_who_declined_has_turned_the_bot_away(scene: Scene) -> None:
    with scene.speaking() as host:
        send(host, scene)
        scene.anna.leave(invited_to(scene))
        with pytest.raises(SendError) as caught:
            send(host, scene, "är du där")
    assert caught.value.permanent


def test_a_person_who_left_and_came_back_elsewhere_is_reached_there(scene: Scene) -> None:
    with scene.listening() as host:
        old = scene.room()
        scene.anna.leave(old)
        room = scene.room()
        assert send(host, scene, "hej", old).startswith(f"{room}|")


def test_somebody_nobody_is_called_is_permanent(scene: Scene) -> None:
    nobody = Someone(scene.anna.url, "@finnsinte:exempel.se", "")
    with scene.speaking() as host, pytest.raises(SendError) as caught:
        send(host, scene, person=nobody)
    assert caught.value.permanent


def test_a_room_whose_making_was_not_answered_leaves_the_message_unsent_and_known(scene: Scene) -> None:
    with scene.listening() as host:
        scene.fault("/createRoom$", "close", method="POST")
        with pytest.raises(SendError) as caught:
            send(host, scene)
        assert (caught.value.perhaps, caught.value.permanent) == (False, False)
        room = until(lambda: invited_to(scene), "the room that was made all the same")
        until(lambda: room in scene.mapped(), "the bot to learn of it")
        assert send(host, scene).startswith(f"{room}|")
    assert len(scene.anna.invitations()) == 1


# --- groups


@pytest.fixture
def listened(scene: Scene) -> Any:
    """A group of Anna, Bo and the bot, which listens."""
    with scene.listening() as host:
        group = scene.room()
        scene.anna.invite(group, scene.bo.user)
        scene.bo.join(group)
        yield host, group


def heard(scene: Scene, group: str) -> list[Incoming]:
    """What was heard, once a last command has been."""
    scene.anna.say(group, "!sist")
    until(lambda: "/sist" in scene.ear.texts, "the last command")
    return scene.ear.heard[:-1]


def test_in_a_group_only_commands_and_mentions_are_heard(scene: Scene, listened: tuple[Host, str]) -> None:
    _, group = listened
    local = scene.bot.user[1:].partition(":")[0]
    mention = {"m.mentions": {"user_ids": [scene.bot.user]}}
    scene.anna.say(group, "handledning idag 1h")
    scene.anna.say(group, "vi talade om handledd igår")
    scene.anna.say(group, "! inget kommando")
    scene.anna.say(group, "1")
    scene.bo.say(group, "!handledning idag 2h")
    scene.bo.say(group, f"{local}: idag 3h")
    scene.bo.say(group, f"{scene.bot.user} idag 4h")
    scene.bo.say(group, "kan du, handledd, idag 5h", **mention)
    told = heard(scene, group)
    assert [one.text for one in told] == [
        "/handledning idag 2h",
        "idag 3h",
        "idag 4h",
        "kan du, handledd, idag 5h",
    ]
    assert {one.sender.external_id for one in told} == {scene.bo.user}
    assert not any(one.private or one.sender.address for one in told)


def test_an_edited_command_in_a_group_is_an_edit_and_a_deleted_one_is_nothing(
    scene: Scene, listened: tuple[Host, str]
) -> None:
    _, group = listened
    event = scene.anna.say(group, "!handledning idag 1h")
    until(lambda: scene.ear.heard, "the command")
    scene.anna.edit(group, event, "!handledning idag 2h")
    until(lambda: len(scene.ear.heard) == 2, "the edit")
    scene.anna.delete(group, event)
    told = heard(scene, group)
    assert [(one.kind, one.text) for one in told] == [
        (IncomingKind.TEXT, "/handledning idag 1h"),
        (IncomingKind.EDIT, "/handledning idag 2h"),
    ]


def test_the_answer_to_a_group_is_read_by_its_sender_alone(scene: Scene, listened: tuple[Host, str]) -> None:
    host, group = listened
    where = send(host, scene, "bara du", group, person=scene.bo, open=True).partition("|")[0]
    assert where != group
    assert words(scene, group) == []
    scene.bo.join(where)
    assert words(scene, where, scene.bo) == ["bara du"]


def test_a_group_answer_reaches_one_who_had_turned_the_bot_away(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        send(host, scene, "hej", room)
        scene.anna.leave(room)
        send(host, scene, "du frågade", "!grupp:exempel.se", open=True)
    assert invited_to(scene)


def test_in_a_group_no_choice_is_pressed_by_anybody(scene: Scene) -> None:
    """Choices of a room of two, into which somebody else came later."""
    with scene.listening() as host:
        room = scene.room()
        ref = host.run(host.platform.send(scene.address(room), Message("Sparat", buttons=BUTTONS), "d1"))
        scene.anna.invite(room, scene.bo.user)
        scene.bo.join(room)
        scene.bo.react(room, ref.partition("|")[2], "1️⃣")
        scene.bo.say(room, "1")
        assert heard(scene, room) == []


def test_a_third_person_makes_a_group_of_a_direct_room_at_once(scene: Scene) -> None:
    with scene.listening():
        room = scene.room()
        scene.anna.say(room, "ensam")
        until(lambda: scene.ear.heard, "the private line")
        scene.anna.invite(room, scene.bo.user)
        scene.anna.say(room, "inte ensam")
        told = heard(scene, room)
    assert [one.text for one in told] == ["ensam"]


# --- foreign and forged input


@pytest.mark.parametrize(
    ("event_type", "content"),
    [
        ("m.room.message", {"body": "x", "msgtype": "m.text", "m.relates_to": 7}),
        ("m.room.message", {"body": "x", "msgtype": "m.image", "filename": 3}),
        ("m.room.message", {"body": "x", "msgtype": "m.egen"}),
        ("m.room.message", {"body": "\x00", "msgtype": "m.text"}),
        ("m.room.message", {"body": "* x", "msgtype": "m.text", "m.new_content": {"body": 3}}),
        ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "key": "1️⃣"}}),
        ("m.reaction", {"m.relates_to": "x"}),
        ("m.reaction", {}),
        ("m.sticker", {"x": []}),
        ("org.egen", {"djup": {"a": [1]}}),
    ],
)
def test_no_event_however_odd_is_a_fault_of_ours(
    scene: Scene, caplog: pytest.LogCaptureFixture, event_type: str, content: dict[str, Any]
) -> None:
    with scene.listening():
        room = scene.room()
        scene.anna.put(room, event_type, content)
        scene.anna.say(room, "sist")
        until(lambda: "sist" in scene.ear.texts, "the last line")
    assert set(scene.ear.texts) <= {"sist", "x"}
    assert "could not be taken in" not in caplog.text
