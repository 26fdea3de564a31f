"""From `Message` to what Teams shows, and what each failure means."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.logs import quiet
from bot.platforms.contract import Address, Platform, SendError
from bot.platforms.teams import Teams
from bot.platforms.teams_wire import lasting
from handlers.message import Button, Field, File, Message
from tests.contract.odd_input import RETRY_AFTER
from tests.contract.teams.conftest import World
from tests.contract.teams.host import NOW, RECEIPT, Clock, Ear
from tests.fakes import teams_card
from tests.fakes.teams_driver import ANNA, CHAT, CLIENT_ID, SECRET, TENANT, consent, message, press

PICTURE = File("översikt.png", b"\x89PNG" + b"x" * 50_000, "image/png")
BOOK = File("översikt.xlsx", b"PK" + b"y" * 9000, "application/vnd.ms-excel")


def anna(world: World) -> Address:
    """Her private chat, as it is kept after she has written."""
    return Address("teams", ANNA, TENANT, chat=f"{CHAT} {world.driver.service}")


def in_channel(world: World) -> Address:
    """Where she wrote to the bot in a channel."""
    return Address("teams", ANNA, TENANT, chat=f" {world.driver.service}", open=True)


def blocked(chat: str) -> Address:
    return Address("teams", ANNA, TENANT, chat=f"a:{chat}")


def send(world: World, message: Message = RECEIPT, to: Address | None = None, delivery: str = "d1") -> str:
    return world.host.run(world.host.teams.send(to or anna(world), message, delivery))


def failure(
    world: World, message: Message = RECEIPT, to: Address | None = None, delivery: str = "d1"
) -> SendError:
    with pytest.raises(SendError) as caught:
        send(world, message, to, delivery)
    for secret in (SECRET, "canary", message.text):
        assert secret not in str(caught.value)
    return caught.value


KINDS = ("permanent", "perhaps", "ours", "refused", "away")


def marks(error: SendError) -> set[str]:
    """What an error says of itself."""
    return {kind for kind in KINDS if getattr(error, kind)}


NOT_SENT = set[str]()
PERHAPS = {"perhaps"}
PERMANENT = {"permanent"}
OURS = {"ours"}
REFUSED = {"refused"}
AWAY = {"away"}


def posts(world: World) -> list[dict[str, Any]]:
    """What was shown, in order."""
    return [line for line in world.calls("create") if line["accepted"]]


def test_teams_is_a_platform(world: World) -> None:
    platform: Platform = world.host.teams
    assert (platform.name, [r.path for r in platform.routes()]) == ("teams", ["/api/messages"])  # type: ignore[attr-defined]
    assert (platform.limits.per_second, platform.limits.characters) == (50.0, 6000)


# --- what is shown


def test_a_message_goes_to_the_known_chat_as_a_card(world: World) -> None:
    reference = send(world)
    [post] = posts(world)
    assert reference == f"{CHAT}:{post['id']}"
    [card] = teams_card.cards(post["body"])
    assert teams_card.card_text(card).splitlines() == [
        "Sparat: handledning sön 22 nov (v 47), 1 h · etik",
        "Står: v 47 klar",
    ]
    assert {title: data["press"] for title, data in teams_card.buttons(card).items()} == {
        "Ångra": "undo.1.1",
        "Boka nästa": "next.1.1",
    }
    assert post["body"]["summary"].startswith("Sparat: handledning")
    assert post["markup"] == []


def test_a_line_alone_is_plain_text_and_lines_are_a_card(world: World) -> None:
    """A plain text's line ends are not shown: what has several lines is laid out as a card's."""
    send(world, Message("Hej å ä ö!"))
    send(world, Message("Hej å ä ö!\n\nPå återseende."), delivery="d2")
    line, lines = (post["body"] for post in posts(world))
    assert (line["text"], line["textFormat"]) == ("Hej å ä ö!", "plain")
    assert teams_card.shown(lines).splitlines() == ["Hej å ä ö!", "På återseende."]


def test_a_card_drawn_anew_has_other_marks_and_a_retry_the_same(world: World) -> None:
    for delivery in ("d1", "d1", "d2"):
        send(world, delivery=delivery)
    cards = [teams_card.cards(post["body"])[0] for post in posts(world)]
    first, again, other = [teams_card.buttons(card)["Ångra"]["mark"] for card in cards]
    assert first == again != other


def test_a_pressed_button_comes_back_as_it_was_sent(world: World) -> None:
    send(world)
    data = teams_card.buttons(teams_card.cards(posts(world)[0]["body"])[0])["Ångra"]
    world.driver.post(press(data))
    assert world.ear.heard[0].press == "undo.1.1"


def test_a_person_not_met_yet_gets_a_chat(world: World) -> None:
    assert send(world, to=Address("teams", ANNA)).startswith(f"a:1{ANNA}:")
    [opened] = world.calls("open")
    assert opened["body"]["members"] == [{"id": ANNA}]


def test_an_answer_to_a_mention_in_a_channel_is_private(world: World) -> None:
    send(world, to=in_channel(world))
    send(world, to=replace(in_channel(world), chat=f"19:st@thread.tacv2 {world.driver.service}"))
    assert [post["chat"] for post in posts(world)] == [f"a:1{ANNA}"] * 2


def test_an_id_is_no_path(world: World) -> None:
    odd = "a:x/../../v3/conversations?x=1#y%2f"
    reference = send(world, to=Address("teams", ANNA, chat=odd))
    send(world, Message("Ångrat", replaces=reference), Address("teams", ANNA, chat=odd))
    assert [(line["method"], line["chat"]) for line in world.fake.seen() if "chat" in line] == [
        ("create", odd),
        ("update", odd),
    ]


def test_no_token_goes_to_a_service_that_is_not_microsofts(world: World) -> None:
    """An address from a database that somebody wrote into is served by the default service."""
    with socket.socket() as elsewhere:
        elsewhere.bind(("127.0.0.1", 0))
        elsewhere.listen()
        elsewhere.settimeout(0)
        port = elsewhere.getsockname()[1]
        send(world, to=Address("teams", ANNA, chat=f"{CHAT} http://127.0.0.1:{port}/teams/"))
        with pytest.raises(BlockingIOError):
            elsewhere.accept()
    assert len(posts(world)) == 1


# --- in the place of an earlier one


def test_a_message_takes_the_place_of_an_earlier_one(world: World) -> None:
    reference = send(world)
    assert send(world, Message("Ångrat", replaces=reference), delivery="d2") == reference
    [update] = world.calls("update")
    assert (update["accepted"], teams_card.shown(update["body"])) == (True, "Ångrat")
    assert len(posts(world)) == 1


@pytest.mark.parametrize(
    "replaces", [f"{CHAT}:1", "a:other:1795339800001", "D1:1.0", "telegram", ":", f"{CHAT}:"]
)
def test_what_cannot_be_replaced_is_said_anew(world: World, replaces: str) -> None:
    send(world, Message("Ångrat", replaces=replaces))
    assert [teams_card.shown(post["body"]) for post in posts(world)] == ["Ångrat"]


def test_an_update_that_is_answered_with_nothing_is_an_update(world: World) -> None:
    reference = send(world)
    world.fault("update", "empty")
    assert send(world, Message("Ångrat", replaces=reference)) == reference
    assert len(posts(world)) == 1


def test_an_update_may_be_repeated_whatever_became_of_it(world: World) -> None:
    reference = send(world)
    for kind in ("close", "lost", "reset"):
        world.fault("update", kind)
        assert marks(failure(world, Message("Ångrat", replaces=reference))) == NOT_SENT


# --- long, odd and hostile texts


@pytest.mark.parametrize("size", [1, 5999, 6000, 6001, 20_000])
@pytest.mark.parametrize("letter", ["å", "😀", "\n"])
def test_a_long_text_loses_nothing(world: World, size: int, letter: str) -> None:
    text = ("ord " + letter * 40 + " tal ")[:45] * (size // 45 + 1)
    text = text[: size - 1].strip() + "!"
    send(world, Message(text, fields=(Field("a", "b"),), buttons=(Button("Ångra", "undo.1.1"),)))
    shown = "".join(teams_card.shown(post["body"]) for post in posts(world))
    assert "".join(shown.split()) == "".join(f"{text} a: b".split())
    assert [len(teams_card.cards(post["body"])) for post in posts(world)][-1] == 1


def test_a_message_of_several_posts_goes_on_where_it_failed(world: World) -> None:
    reference = send(world, Message("först"))
    long = Message("ord " * 5000, replaces=reference)
    world.fault("update", "answer", status=429, headers={"Retry-After": "1"})
    failure(world, long)
    assert len(posts(world)) == 4
    send(world, long)
    assert len(posts(world)) == 4
    assert world.calls("update")[-1]["accepted"]


@pytest.mark.parametrize(
    "odd",
    [
        Message("", fields=(Field("", ""),)),
        Message("x", fields=tuple(Field(f"f{n}", "v") for n in range(23))),
        Message("x", fields=(Field("lång", "ö" * 7000),)),
        Message("x", buttons=tuple(Button("k" * 200, f"b:{n}") for n in range(30))),
        Message("x", buttons=(Button("", "b"),)),
        Message("", buttons=(Button("Ja", "b"),)),
        Message("half \ud800 character \x00 \x1f", buttons=(Button("\udfff", "b"),)),
        Message("  \n\n x \n", fields=(Field("a\nb", "c\nd"),)),
    ],
)
def test_every_message_is_one_that_teams_takes(world: World, odd: Message) -> None:
    send(world, odd)
    assert {line["error"] for line in world.calls("create")} == {None}
    assert len(posts(world)) <= 2


def test_a_message_of_nothing_is_refused_before_it_is_sent(world: World) -> None:
    assert marks(failure(world, Message(" \n "))) == REFUSED
    assert world.fake.seen() == []


PAYLOADS = (
    """
**fet**¦_kursiv_¦*x*¦__x__¦~~x~~¦`kod`¦```kod```¦> citat¦# rubrik¦- lista¦1. lista¦[klicka](https://evil.se)
![bild](https://evil.se/x.png)¦<at>Eva Ek</at>¦<at id='1'>alla</at>¦<b>x</b>¦<script>x</script>¦<img src=x>
<a href='https://evil.se'>x</a>¦{{DATE(2017-02-14T06:08:39Z,SHORT)}}¦{{TIME(x)}}¦${$root}¦https://evil.se
<https://evil.se>¦&lt;at&gt;x&lt;/at&gt;¦\\*x\\*¦@alla¦@handledd¦:smile:¦(heart)¦ ¦\u200b¦\u202e<at>x</at>
<table><tr><td>x¦&#60;b&#62;¦<!-- x -->¦a<NL>- b<NL>- c¦a<NL><NL># b¦\t- x¦***x***¦[x]: https://e.se¦---¦===
+ x¦* x¦1) x¦<emoji alt='x'>¦<attachment id='1'>¦<quote>x¦^x^¦==x==¦[[x]]¦\\n¦%3Cat%3E¦＜at＞x¦[x](tel:112)
[x](javascript:alert(1))¦[x](mailto:a@x.se)¦<br>¦<p>x</p>¦&nbsp;¦&amp;lt;¦~x~¦||x||¦[ ] x¦{"type":"TextBlock"}
""".strip()
    .replace("\n", "¦")
    .replace("<NL>", "\n")
    .split("¦")
)


def test_no_users_text_becomes_a_mention_a_link_or_a_style(world: World) -> None:
    assert len(PAYLOADS) >= 60
    for payload in PAYLOADS:
        words = Message(f"x {payload}")
        whole = Message(payload, fields=(Field(payload, payload),), buttons=(Button(payload, "b"),))
        world.ear.message = Message(payload, buttons=whole.buttons, replaces=f"{CHAT}:1795339800999")
        card = world.driver.post(press({"press": "a"})).json()["value"]
        teams_card.check_card(card)
        assert teams_card.markup({"attachments": [{"contentType": teams_card.CARD, "content": card}]}) == []
        send(world, words)
        send(world, whole)
    assert {(line["accepted"], *line["markup"]) for line in world.calls("create")} == {(True,)}


def test_the_fake_sees_what_it_should_see() -> None:
    assert teams_card.markup({"type": "message", "text": "**x**", "textFormat": "markdown"}) == ["**x**"]
    assert teams_card.markup({"type": "message", "text": "- x"}) == ["- x"]
    block = {"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "[x](http://evil.se)"}]}
    assert teams_card.markup({"attachments": [{"contentType": teams_card.CARD, "content": block}]}) != []
    with pytest.raises(teams_card.InvalidActivityError):
        teams_card.check(
            {"type": "message", "attachments": [{"contentType": teams_card.CARD, "content": block}]}
        )


# --- files


def test_a_picture_is_shown_before_the_words(world: World) -> None:
    send(world, Message("Läget på måndag", files=(PICTURE,)))
    picture, words = posts(world)
    [attachment] = picture["body"]["attachments"]
    assert (attachment["contentType"], attachment["name"]) == ("image/png", "översikt.png")
    assert words["body"]["text"] == "Läget på måndag"


def test_another_file_is_offered_and_put_in_the_persons_onedrive(world: World) -> None:
    send(world, Message("Här är din export.", files=(BOOK,)))
    [attachment] = posts(world)[0]["body"]["attachments"]
    assert (attachment["name"], attachment["content"]["sizeInBytes"]) == ("översikt.xlsx", len(BOOK.content))
    offer = attachment["content"]["acceptContext"]["offer"]
    yes = consent(offer, f"{world.fake.url}/upload/one", card=posts(world)[0]["id"])
    assert world.driver.post(yes).status_code == 200
    world.wait_for("delete", 1)
    [upload] = world.calls("upload")
    assert (upload["size"], upload["authorized"]) == (len(BOOK.content), False)
    [shown] = posts(world)[2]["body"]["attachments"]
    assert (shown["contentType"], shown["content"]["fileType"]) == (teams_card.INFO, "xlsx")
    assert world.calls("delete")[0]["accepted"]
    assert world.ear.heard == []


def offer(world: World) -> str:
    send(world, Message("Här är din export.", files=(BOOK,)))
    return str(posts(world)[0]["body"]["attachments"][0]["content"]["acceptContext"]["offer"])


def test_an_offer_is_good_once_and_for_one_person(world: World) -> None:
    name = offer(world)
    bo = {"from": {"id": "29:1bo", "aadObjectId": "bbbbbbbb-0000-4000-8000-000000000002"}}
    world.driver.post(consent(name, f"{world.fake.url}/upload/bo", card="") | bo)
    world.wait_for("create", 3)
    assert "finns inte kvar" in posts(world)[2]["body"]["text"]
    for _ in range(2):
        world.driver.post(consent(name, f"{world.fake.url}/upload/anna", card=""))
    world.wait_for("create", 5)
    assert [upload["id"] for upload in world.calls("upload")] == ["anna"]


def test_a_declined_offer_is_taken_away(world: World) -> None:
    name = offer(world)
    world.driver.post(consent(name, card=posts(world)[0]["id"]))
    world.wait_for("delete", 1)
    world.driver.post(consent(name, f"{world.fake.url}/upload/x", card=""))
    world.wait_for("create", 3)
    assert world.calls("upload") == []


@pytest.mark.parametrize(
    "url",
    [
        "http://kliniken-my.sharepoint.com/x",
        "https://kliniken-my.sharepoint.com.evil.se/x",
        "https://evil.se/.sharepoint.com",
        "https://kliniken-my.sharepoint.com@evil.se/x",
        "https://kliniken-my.sharepoint.com:8443/x",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "https://[",
    ],
)
def test_no_file_is_put_anywhere_but_in_onedrive(
    world: World, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    name = offer(world)
    world.driver.post(consent(name, url, card=""))
    world.driver.post(consent(name, f"{world.fake.url}/upload/x", card=""))
    world.wait_for("create", 3)
    assert "no place for a file" in caplog.text
    assert [upload["id"] for upload in world.calls("upload")] == ["x"]


def test_a_file_that_onedrive_refuses_is_told_about(world: World) -> None:
    name = offer(world)
    world.fault("upload", "answer", status=507)
    world.driver.post(consent(name, f"{world.fake.url}/upload/x", card=""))
    world.wait_for("create", 3)
    assert "gick inte att lägga" in posts(world)[2]["body"]["text"]


def test_an_offer_and_what_came_of_it_are_in_the_readers_language(world: World) -> None:
    send(world, Message("Here it is.", files=(BOOK,)), replace(anna(world), locale="en"))
    content = posts(world)[0]["body"]["attachments"][0]["content"]
    assert content["description"] == "Will be put in your OneDrive once you agree."
    yes = consent(content["acceptContext"]["offer"], f"{world.fake.url}/upload/x", card="")
    yes["value"]["context"] = content["acceptContext"]  # Teams gives back what the offer held
    world.fault("upload", "answer", status=507)
    world.driver.post(yes)
    world.wait_for("create", 3)
    assert posts(world)[2]["body"]["text"].startswith("The file could not be put in your OneDrive.")


def test_a_picture_too_big_for_teams_is_offered_instead(world: World) -> None:
    world.fault("create", "answer", status=413, code="MessageSizeTooBig")
    send(world, Message("Läget", files=(PICTURE,)))
    assert posts(world)[0]["body"]["attachments"][0]["contentType"] == teams_card.CONSENT
    huge = File("stor.png", b"x" * (1024 * 1024 + 1), "image/png")
    send(world, Message("Läget", files=(huge,)), delivery="d2")
    assert posts(world)[2]["body"]["attachments"][0]["contentType"] == teams_card.CONSENT
    assert len(posts(world)) == 4


def test_a_message_tried_again_does_not_bring_its_files_twice(world: World) -> None:
    whole = Message("ord " * 2500, files=(PICTURE,))  # a picture and two posts of words
    world.fault("update", "reset")
    reference = send(world, Message("först"))
    failure(world, Message(whole.text, files=whole.files, replaces=reference), delivery="d2")
    send(world, Message(whole.text, files=whole.files, replaces=reference), delivery="d2")
    assert [len(post["body"].get("attachments", [])) for post in posts(world)] == [0, 1, 0]
    assert [line["accepted"] for line in world.calls("update")] == [False, True]


# --- failures


def test_a_dropped_connection_is_not_posted_again(world: World) -> None:
    world.fault("create", "close")
    assert marks(failure(world)) == PERHAPS
    assert len(world.calls("create")) == 1
    assert world.host.run(world.host.teams.find(anna(world), "d1")) is None


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_after_the_post_leaves_it_open(world: World, status: int) -> None:
    world.fault("create", "lost", status=status)
    assert marks(failure(world)) == PERHAPS
    assert len(world.calls("create")) == 1


@pytest.mark.parametrize("body", ["[]", "{", '"ok"', "<html>", "OK"])
def test_an_answer_that_makes_no_sense_leaves_it_open(world: World, body: str) -> None:
    world.fault("create", "answer", status=200, body=body)
    assert marks(failure(world)) == PERHAPS
    assert len(world.calls("create")) == 1


@pytest.mark.parametrize("fault", [{"kind": "empty"}, {"kind": "answer", "status": 201, "body": ""}])
def test_a_post_that_is_taken_without_a_word_was_posted(world: World, fault: dict[str, Any]) -> None:
    world.fault("create", **fault)
    assert send(world) == f"{CHAT}:"
    assert len(world.calls("create")) == 1


@pytest.mark.parametrize("chat", ["1conversationblockedbyuser", "1messagewritesblocked"])
def test_who_blocked_the_bot_is_not_written_to_again(world: World, chat: str) -> None:
    assert marks(failure(world, to=blocked(chat))) == PERMANENT


def test_who_has_not_added_the_app_is_permanent(world: World) -> None:
    assert marks(failure(world, to=Address("teams", "gone-1", TENANT))) == PERMANENT


def test_a_chat_that_the_bot_is_not_in_is_permanent(world: World) -> None:
    assert marks(failure(world, to=Address("teams", ANNA, chat="19:x@thread.v2"))) == PERMANENT


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "BadSyntax", REFUSED),
        (413, "MessageSizeTooBig", REFUSED),
        (403, "Anything", PERMANENT),
        (404, "ConversationNotFound", PERMANENT),
        (403, "BotDisabledByAdmin", OURS),
        (403, "NotEnoughPermissions", OURS),
        (401, "Unauthorized", OURS),
        (412, "PreconditionFailed", NOT_SENT),
        (408, "RequestTimeout", PERHAPS),
    ],
)
def test_each_refusal_means_one_thing(world: World, status: int, code: str, expected: set[str]) -> None:
    world.fault("create", "answer", status=status, code=code)
    error = failure(world)
    assert (marks(error), error.reason) == (expected, f"Teams: {code}")
    assert len(world.calls("create")) == 1


@pytest.mark.parametrize("status", [302, 307, 403, 404, 407, 451, 511])
def test_what_stands_before_teams_blames_neither_message_nor_address(world: World, status: int) -> None:
    elsewhere = {"Location": f"{world.fake.url}/elsewhere"}
    world.fault("create", "answer", status=status, headers=elsewhere, body="<html>")
    assert marks(failure(world)) == AWAY
    assert world.calls("unknown") == []


def test_an_error_in_words_is_not_repeated(world: World) -> None:
    world.fault("create", "answer", status=400, code="Sparat: hemligt <b>")
    assert failure(world).reason == "Teams: HTTP 400"


@pytest.mark.parametrize(("header", "seconds"), RETRY_AFTER)
def test_too_many_messages_tells_when_to_come_back(
    world: World, header: str | None, seconds: float | None
) -> None:
    """Without a time it rests by its own back-off: no message is at fault for the pace of all."""
    headers = {} if header is None else {"Retry-After": header}
    world.fault("create", "answer", status=429, headers=headers)
    error = failure(world)
    assert (marks(error), error.retry_after) == (AWAY if seconds is None else NOT_SENT, seconds)
    assert len(world.calls("create")) == 1


def platform(fake: str, call_seconds: float = 10.0, service: str = "") -> Teams:
    return Teams(
        CLIENT_ID,
        SECRET,
        TENANT,
        Ear(),
        Clock(),
        service_url=service or f"{fake}/teams/",
        login_url=fake,
        keys_url=f"{fake}/keys",
        call_seconds=call_seconds,
    )


def outcome(teams: Teams, to: Address) -> SendError:
    async def whole() -> str:
        await teams.start()
        try:
            return await teams.send(to, RECEIPT, "d1")
        finally:
            await teams.stop()

    with pytest.raises(SendError) as caught:
        asyncio.run(whole())
    return caught.value


def test_no_answer_in_time_leaves_it_open(world: World) -> None:
    world.fault("create", "hang")
    assert marks(outcome(platform(world.fake.url, call_seconds=0.5), anna(world))) == PERHAPS
    assert len(world.calls("create")) == 1


def test_no_connection_is_known_not_to_be_sent(world: World) -> None:
    with socket.socket() as unused:  # bound and not listening: connections are refused
        unused.bind(("127.0.0.1", 0))
        teams = platform(f"http://127.0.0.1:{unused.getsockname()[1]}")
        assert marks(outcome(teams, Address("teams", ANNA, chat=CHAT))) == AWAY


def test_no_connection_to_the_connector_is_no_fault_of_the_message(world: World) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{unused.getsockname()[1]}/teams/"
        teams = platform(world.fake.url, service=away)
        assert marks(outcome(teams, Address("teams", ANNA, chat=CHAT))) == AWAY


# --- the bot's own token


def test_the_token_is_fetched_once_and_renewed_before_it_ends(another: Callable[..., World]) -> None:
    world = another()
    for minutes, fetched in ((0, 1), (54, 1), (55, 2), (56, 2)):  # it lasts 60 and is renewed 5 before
        world.clock.now = NOW + timedelta(minutes=minutes)
        send(world)
        assert len(world.calls("token")) == fetched


@pytest.mark.parametrize(
    ("told", "seconds"),
    [(600, 600), ("599", 599), (None, 3600), ("snart", 3600), (-1, 3600), (10**30, 86_400)],
)
def test_how_long_a_token_lasts_is_told_in_several_ways(told: object, seconds: int) -> None:
    assert lasting(told) == timedelta(seconds=seconds)


def test_a_token_that_was_taken_back_is_renewed(world: World) -> None:
    send(world)
    world.control("revoke")
    assert marks(failure(world)) == OURS
    send(world)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "answer", "status": 401, "code": "invalid_client"}, OURS),
        ({"kind": "answer", "status": 400, "code": "unauthorized_client"}, OURS),
        ({"kind": "answer", "status": 400, "body": "<html>"}, OURS),
        *(({"kind": "answer", "status": status, "body": "<html>"}, AWAY) for status in (200, 302, 403, 407)),
        ({"kind": "answer", "status": 503}, AWAY),
        ({"kind": "reset"}, AWAY),
        ({"kind": "close"}, AWAY),
    ],
    ids=lambda value: f"{value['kind']} {value.get('status', '')}" if isinstance(value, dict) else "",
)
def test_a_login_that_fails_blames_no_address_and_sends_nothing(
    another: Callable[..., World], fault: dict[str, Any], expected: set[str]
) -> None:
    world = another()
    world.fault("token", **fault)
    assert marks(failure(world)) == expected
    assert world.calls("create") == []


def test_a_login_that_asks_for_a_pause_gets_it(another: Callable[..., World]) -> None:
    world = another()
    world.fault("token", "answer", status=429, headers={"Retry-After": "7"})
    assert failure(world).retry_after == 7.0


# --- logs


def test_the_sdk_does_not_make_httpx_talk(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Its client lets httpx log every URL as soon as the root logs at INFO; Telegram's hold the token."""
    caplog.set_level(logging.INFO)
    quiet()
    send(world, Message("Hej"))
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)


def test_nothing_sent_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("microsoft", "asyncio", "handledd")):
            logging.getLogger(name).setLevel(logging.DEBUG)
    reference = send(world, Message("canary-ord", files=(File("canary.txt", b"canary-fil", "text/plain"),)))
    send(world, Message("canary-ord", buttons=RECEIPT.buttons, replaces=reference), delivery="d2")
    world.fault("create", "close")
    failure(world, Message("canary-ord"))
    world.driver.post(message("canary-ord"))
    for secret in ("canary", SECRET):
        assert secret not in caplog.text
