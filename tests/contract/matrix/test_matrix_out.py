"""What goes out: what a person sees, what never becomes markup, and what each fault means."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

import pytest

from bot.platforms.contract import Address, SendError
from handlers.message import Button, Field, File, Message
from tests.contract.matrix.scene import BUTTONS, HASTY, QUICK, Host, Scene, until

PICTURE = File("översikt.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\0\x80rest", "image/png")
CALENDAR = File("möte.ics", b"BEGIN:VCALENDAR\r\n", "text/calendar")
RECEIPT = Message("Sparat: handledning sön 22 nov åäö", [Field("Står", "v 47 klar")], BUTTONS)


def shown(scene: Scene, room: str) -> list[str]:
    """What Anna's client shows of the bot's words."""
    return scene.anna.read(room, scene.bot.user)


def said(scene: Scene, room: str) -> list[dict[str, Any]]:
    """The bot's events in a room."""
    return [event for event in scene.anna.events(room) if event["sender"] == scene.bot.user]


def send(host: Host, scene: Scene, room: str, message: Message, delivery: str = "d1", **more: Any) -> str:
    return host.run(host.platform.send(scene.address(room, **more), message, delivery))


def refused(host: Host, scene: Scene, room: str, message: Message, **more: Any) -> SendError:
    with pytest.raises(SendError) as caught:
        send(host, scene, room, message, **more)
    assert caught.value.__cause__ is None
    assert scene.bot.token not in str(caught.value)
    assert message.text not in str(caught.value)
    return caught.value


def kind(error: SendError) -> tuple[bool, bool, bool, bool]:
    return error.permanent, error.perhaps, error.ours, error.refused


def test_a_message_is_posted_once_with_its_fields_and_numbered_choices(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        reference = send(host, scene, room, RECEIPT)
    (event,) = said(scene, room)
    assert reference == f"{room}|{event['event_id']}"
    assert event["content"]["body"] == (
        "Sparat: handledning sön 22 nov åäö\nStår: v 47 klar\n\n"
        "1️⃣ Ångra\n2️⃣ Ändra\n3️⃣ Boka nästa\nSvara med siffran, eller reagera med den."
    )
    assert event["content"]["msgtype"] == "m.text"  # a notice would make no sound


def test_the_hint_is_in_the_persons_language(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        send(host, scene, room, Message("Saved", buttons=BUTTONS[:1]), locale="en")
    assert shown(scene, room) == ["Saved\n\n1️⃣ Ångra\nAnswer with the number, or react with it."]


@pytest.mark.parametrize(
    "payload",
    [
        "<b>fet</b> **fet** _k_ `k` ~s~ [länk](https://x.se)",
        "@room @bo1:exempel.se @handledd #rum:exempel.se",
        "<a href='https://matrix.to/#/@bo1:exempel.se'>Eva</a>",
        "&amp; &lt; </mx-reply> \u202e",
    ],
)
def test_a_text_never_becomes_markup_or_a_mention(scene: Scene, payload: str) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        send(host, scene, room, Message(payload, [Field(payload, payload)], [Button(payload, "undo:1")]))
    (event,) = said(scene, room)
    assert "formatted_body" not in event["content"]
    assert event["content"]["m.mentions"] == {}
    assert event["content"]["body"].replace("\u2060", "").count(payload) == 4
    assert "@bo1:" not in event["content"]["body"].replace("@\u2060", "")
    assert "#rum:" not in event["content"]["body"]


def test_an_address_of_electronic_mail_is_left_as_it_is(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        send(host, scene, room, Message("skriv till anna@exempel.se:25"))
    assert shown(scene, room) == ["skriv till anna@exempel.se:25"]


def test_a_long_text_is_split_with_the_choices_last_and_loses_nothing(scene: Scene) -> None:
    lines = [f"rad {number} ååå 🎈" for number in range(1500)]
    room = scene.old_room()
    with scene.speaking() as host:
        reference = send(host, scene, room, Message("\n".join(lines), buttons=BUTTONS))
    events = said(scene, room)
    bodies = [event["content"]["body"] for event in events]
    assert len(bodies) > 3
    assert "\n".join(bodies).startswith("\n".join(lines))
    assert [bool(event["content"].get("se.handledd.choices")) for event in events].count(True) == 1
    assert reference.endswith(events[-1]["event_id"])


def test_the_longest_part_fits_in_an_event_and_in_an_edit_of_it(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        reference = send(host, scene, room, Message("🎈" * 6000))
        send(host, scene, room, Message("🐘" * 6000, replaces=reference), "d2")
        quotes = send(host, scene, room, Message('"' * 6000), "d3")
        send(host, scene, room, Message("\\" * 6000, replaces=quotes), "d4")
    assert shown(scene, room) == ["🐘" * 6000, "\\" * 6000]


def test_files_come_before_the_text_as_picture_and_document(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        message = Message("Översikt", buttons=BUTTONS, files=[PICTURE, CALENDAR])
        send(host, scene, room, message)
    picture, calendar, text = (event["content"] for event in said(scene, room))
    assert (picture["msgtype"], picture["body"]) == ("m.image", "översikt.png")
    assert picture["info"] == {"mimetype": "image/png", "size": len(PICTURE.content), "w": 256, "h": 128}
    assert (calendar["msgtype"], calendar["body"]) == ("m.file", "möte.ics")
    assert text["body"].startswith("Översikt")
    assert scene.anna.download(picture["url"]) == PICTURE.content
    assert scene.anna.download(calendar["url"]) == CALENDAR.content


def test_files_alone_are_sent(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        send(host, scene, room, Message("", files=[CALENDAR]))
    assert shown(scene, room) == ["möte.ics"]


def test_an_empty_message_is_refused_and_not_posted(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        assert kind(refused(host, scene, room, Message(" \n\x00"))) == (False, False, False, True)
    assert said(scene, room) == []


# --- replacing


def test_a_message_takes_the_place_of_an_earlier_one(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        reference = send(host, scene, room, RECEIPT)
        assert send(host, scene, room, Message("Ångrat", replaces=reference), "d2") == reference
        assert send(host, scene, room, Message("Ändå inte", replaces=reference), "d3") == reference
    assert shown(scene, room) == ["Ändå inte"]


def test_what_cannot_be_replaced_is_said_anew(scene: Scene) -> None:
    room, other = scene.old_room(), scene.old_room()
    with scene.speaking() as host:
        elsewhere = send(host, scene, other, Message("annat rum"))
        deleted = send(host, scene, room, Message("borta"), "d2")
        scene.anna.delete(room, deleted.partition("|")[2])
        for number, gone in enumerate([elsewhere, deleted, f"{room}|$finnsinte", f"{room}|", "1:2"]):
            send(host, scene, room, Message(f"nytt {number}", replaces=gone), f"d{number + 3}")
    assert shown(scene, room) == [f"nytt {number}" for number in range(5)]
    assert shown(scene, other) == ["annat rum"]


# --- what each fault means


@pytest.mark.parametrize("fault", ["5xx", "close", "hang", "garbled"])
def test_an_answer_lost_after_acceptance_is_asked_for_again_and_gives_one_event(
    scene: Scene, fault: str
) -> None:
    room = scene.old_room()
    with scene.speaking(pace=HASTY if fault == "hang" else QUICK) as host:
        scene.fault("/send/m.room.message/", fault)
        assert kind(refused(host, scene, room, RECEIPT)) == (False, True, False, False)
    assert len(said(scene, room)) == 1
    with scene.speaking() as host:
        reference = send(host, scene, room, RECEIPT)
    (event,) = said(scene, room)
    assert reference == f"{room}|{event['event_id']}"
    assert len(scene.sends()) == 2


def test_a_delivery_sent_again_by_another_process_gives_one_event(scene: Scene) -> None:
    room = scene.old_room()
    references = set()
    for message in (RECEIPT, Message("Samma leverans, andra ord")):
        with scene.speaking() as host:
            references.add(send(host, scene, room, message, "outbox-7"))
    assert len(references) == 1
    assert [text.splitlines()[0] for text in shown(scene, room)] == [RECEIPT.text]


def test_another_delivery_of_the_same_words_is_another_event(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        for delivery in ("d1", "d2", "", ""):
            send(host, scene, room, Message("hej"), delivery)
    assert shown(scene, room) == ["hej"] * 4


def test_a_message_that_failed_half_way_comes_whole_and_once(scene: Scene) -> None:
    room = scene.old_room()
    message = Message("Översikt", files=[PICTURE, CALENDAR])
    with scene.speaking() as host:
        scene.fault("/send/m.room.message/d1.1", "refuse", status=429, body={"errcode": "M_LIMIT_EXCEEDED"})
        assert refused(host, scene, room, message).perhaps
        send(host, scene, room, message)
    assert shown(scene, room) == ["översikt.png", "möte.ics", "Översikt"]


@pytest.mark.parametrize(
    ("headers", "more", "seconds"),
    [
        ({"Retry-After": "7"}, {}, 7.0),
        ({"Retry-After": "0"}, {"retry_after_ms": 9000}, 0.0),
        ({}, {"retry_after_ms": 2500}, 2.5),
        ({}, {"retry_after_ms": -5}, 0.0),
        ({}, {}, None),
        ({"Retry-After": "snart"}, {}, None),
        ({"Retry-After": "inf"}, {}, None),
    ],
)
def test_the_wait_asked_for_is_passed_on(
    scene: Scene, headers: dict[str, str], more: dict[str, Any], seconds: float | None
) -> None:
    room, body = scene.old_room(), {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", **more}
    with scene.speaking() as host:
        scene.fault("/send/", "refuse", status=429, headers=headers, body=body)
        error = refused(host, scene, room, RECEIPT)
    assert (kind(error), error.retry_after) == ((False,) * 4, seconds)
    assert said(scene, room) == []


@pytest.mark.parametrize(
    ("status", "code", "means"),
    [
        (401, "M_UNKNOWN_TOKEN", (False, False, True, False)),
        (403, "M_USER_DEACTIVATED", (False, False, True, False)),
        (403, "M_FORBIDDEN", (True, False, False, False)),
        (404, "M_NOT_FOUND", (True, False, False, False)),
        (413, "M_TOO_LARGE", (False, False, False, True)),
        (400, "M_BAD_JSON", (False, False, False, True)),
    ],
)
def test_what_a_refusal_means(scene: Scene, status: int, code: str, means: Sequence[bool]) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        body = {"errcode": code, "error": f"{scene.bot.token} {RECEIPT.text}"}
        scene.fault("/send/", "refuse", status=status, body=body)
        assert kind(refused(host, scene, room, RECEIPT)) == means


def test_a_rejected_token_blames_no_address(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking(token="syt_fel") as host:
        assert kind(refused(host, scene, room, RECEIPT)) == (False, False, True, False)


def test_a_refused_connection_and_an_unknown_host_are_known_not_sent(scene: Scene) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", "http://finns.invalid"):
        with scene.speaking(url=url) as host:
            error = refused(host, scene, "!rum:exempel.se", RECEIPT)
            assert (kind(error), "not reached" in error.reason) == ((False,) * 4, True)


@pytest.mark.parametrize("user", ["anna", "501", "@anna", ""])
def test_an_address_that_is_no_user_is_permanent(scene: Scene, user: str) -> None:
    with scene.speaking() as host:
        sending = host.platform.send(Address("matrix", user), RECEIPT, "d1")
        with pytest.raises(SendError) as caught:
            host.run(sending)
    assert caught.value.permanent


# --- looking up


def test_an_earlier_delivery_is_found_by_its_name(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        whole = Message("Översikt", buttons=BUTTONS, files=[PICTURE])
        reference = send(host, scene, room, whole, "outbox-7")
        edit = send(host, scene, room, Message("Ändrat", replaces=reference), "outbox-8")
        find = host.platform.find
        assert host.run(find(scene.address(room), "outbox-7")) == reference
        assert host.run(find(scene.address(room), "outbox-8")) == edit == reference
        assert host.run(find(scene.address(room), "outbox-9")) is None


def test_a_delivery_that_went_out_in_part_is_not_found(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        scene.fault("/send/m.room.message/d1.1", "refuse", status=429)
        refused(host, scene, room, Message("Översikt", files=[PICTURE]))
        assert host.run(host.platform.find(scene.address(room), "d1")) is None


def test_a_delivery_that_somebody_else_claims_is_not_found(scene: Scene) -> None:
    room = scene.old_room()
    scene.anna.say(room, "falskt", **{"se.handledd.delivery": {"name": "d1", "part": 0, "of": 1}})
    with scene.speaking() as host:
        assert host.run(host.platform.find(scene.address(room), "d1")) is None


def test_not_being_able_to_look_is_not_the_same_as_not_finding(scene: Scene) -> None:
    room = scene.old_room()
    with scene.speaking() as host:
        scene.fault("/messages$", "5xx", method="GET")
        with pytest.raises(SendError):
            host.run(host.platform.find(scene.address(room), "d1"))


def test_a_message_is_delivered_while_the_bot_listens(scene: Scene) -> None:
    with scene.listening() as host:
        room = scene.room()
        send(host, scene, room, RECEIPT)
        scene.anna.say(room, "tack")
        until(lambda: scene.ear.heard, "the answer")
    assert len(shown(scene, room)) == 1
