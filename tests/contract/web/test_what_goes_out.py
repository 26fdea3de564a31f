"""What is sent is shown: live, again after a break, once each, with files that are safe to open."""

from __future__ import annotations

import httpx
import pytest

from bot.platforms.contract import SendError
from bot.platforms.web_log import KEPT
from handlers.message import File, Message

from .demo import ANNA, EVA, PEOPLE, PIXEL, STINA, Running, address, digest, receipt
from .events import opened, shown

ATTACK = "<img src=x onerror=alert(1)></script><script>alert(2)</script> & \u2028 \"'"


def test_a_message_comes_live_to_its_window_alone(here: Running, client: httpx.Client) -> None:
    with opened(client, ANNA) as stream:
        stream.until("ready")
        here.send(EVA, Message("Till Eva"), "d1")
        ref = here.send(ANNA, receipt("handledning"), "d2")
        message = stream.message()
    assert message == {
        "to": ANNA,
        "ref": ref,
        "text": "Sparat: handledning\nv 47 klar. Senast missad: v 41.",
        "at": "2026-11-20T09:30:00+01:00",
        "own": False,
        "fields": [{"label": "Tid", "value": "1 h"}, {"label": "Med", "value": "Eva Fantasi"}],
        "buttons": [
            {"label": "Boka nästa", "press": "book:1", "primary": True},
            {"label": "Ändra", "press": "change:1", "primary": False},
            {"label": "Ångra", "press": "undo:1", "primary": False},
        ],
        "files": [],
        "replaces": "",
        "place": message["place"],
    }


def test_what_came_while_no_page_was_open_is_shown_later(here: Running, client: httpx.Client) -> None:
    for number in range(3):
        here.send(ANNA, Message(f"nr {number}"), f"d{number}")
    here.send(EVA, Message("till Eva"), "d9")
    assert [message["text"] for message in shown(client, ANNA, EVA)] == ["nr 0", "nr 1", "nr 2", "till Eva"]


def test_a_page_that_comes_back_is_given_only_what_it_missed(here: Running, client: httpx.Client) -> None:
    here.send(ANNA, Message("före"), "d1")
    with opened(client, ANNA) as stream:
        last = stream.until("message")[-1].number
    here.send(ANNA, Message("under"), "d2")
    with opened(client, ANNA, after=last) as stream:
        texts = [event.data["text"] for event in stream.until("ready") if event.kind == "message"]
    assert texts == ["under"]


@pytest.mark.parametrize("after", ["otherprocess-7", "7", "-"])
def test_a_number_of_another_process_shows_everything_again(
    here: Running, client: httpx.Client, after: str
) -> None:
    here.send(ANNA, Message("före"), "d1")
    with opened(client, ANNA, after=after) as stream:
        events = stream.until("ready")
    assert [event.data["text"] for event in events if event.kind == "message"] == ["före"]


def test_the_log_keeps_the_last_messages_of_each_person(here: Running, client: httpx.Client) -> None:
    here.send(EVA, Message("Evas enda"), "e")
    for number in range(KEPT + 1):
        here.send(ANNA, Message(f"nr {number}"), f"d{number}")
    texts = [message["text"] for message in shown(client, ANNA)]
    assert (len(texts), texts[0], texts[-1]) == (KEPT, "nr 1", f"nr {KEPT}")
    assert len(shown(client, EVA)) == 1


def test_a_replaced_message_changes_where_it_stands(here: Running, client: httpx.Client) -> None:
    ref = here.send(ANNA, receipt("handledning"), "d1")
    here.send(ANNA, Message("senare"), "d2")
    with opened(client, ANNA) as stream:
        stream.until("ready")
        assert here.send(ANNA, Message("Ångrat", replaces=ref), "d3") == ref
        message = stream.message()
    assert (message["text"], message["ref"], message["replaces"]) == ("Ångrat", ref, ref)
    assert [message["text"] for message in shown(client, ANNA)] == ["Ångrat", "senare"]


def test_what_replaces_a_message_no_longer_kept_is_shown_as_new(here: Running, client: httpx.Client) -> None:
    ref = here.send(ANNA, Message("Ångrat", replaces="borta"), "d1")
    assert [(message["ref"], message["replaces"]) for message in shown(client, ANNA)] == [(ref, "")]


def test_a_delivery_is_shown_once_and_found_by_its_name(here: Running, client: httpx.Client) -> None:
    ref = here.send(ANNA, Message("påminnelse"), "d1")
    assert here.send(ANNA, Message("påminnelse"), "d1") == ref
    assert here.send(ANNA, Message("ersatt", replaces=ref), "d2") == ref
    assert len(shown(client, ANNA)) == 1
    found = [here.do(here.demo.web.find(address(ANNA), name)) for name in ("d1", "d2", "d3")]
    assert found == [ref, ref, None]


def test_nobody_unknown_can_be_reached(here: Running) -> None:
    with pytest.raises(SendError) as refused:
        here.send("ingen", Message("hej"), "d1")
    assert refused.value.permanent
    assert not refused.value.perhaps


def test_markup_goes_through_as_text(here: Running, client: httpx.Client) -> None:
    here.send(ANNA, Message(ATTACK), "d1")
    client.post("/api/say", json={"as": ANNA, "text": ATTACK, "id": "12345678"})
    sent, own, _ = shown(client, ANNA)
    assert sent["text"] == own["text"] == ATTACK


def test_a_happening_is_told_in_every_window(here: Running, client: httpx.Client) -> None:
    async def tell() -> None:
        here.demo.web.happened("Eva bekräftade Annas handledning")

    with opened(client, STINA) as stream:
        stream.until("ready")
        here.do(tell())
        event = stream.until("happening")[-1]
    assert event.data == {"text": "Eva bekräftade Annas handledning", "at": "2026-11-20T09:30:00+01:00"}


def test_a_picture_is_shown_in_place_and_other_files_are_saved(here: Running, client: httpx.Client) -> None:
    here.send(STINA, digest(), "d1")
    picture, workbook = shown(client, STINA)[0]["files"]
    seen, saved = client.get(picture["url"]), client.get(workbook["url"])
    assert (seen.content, seen.headers["content-type"]) == (PIXEL, "image/png")
    assert seen.headers["content-disposition"].startswith("inline")
    assert saved.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%B6versikt%20v%2048.xlsx"
    assert client.get("/files/gissad").status_code == 404


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "text/html\r\nset-cookie: a=b"])
def test_a_file_that_can_carry_a_script_is_never_opened_in_place(
    here: Running, client: httpx.Client, kind: str
) -> None:
    here.send(STINA, Message("fil", files=[File("a/../b\r\n.svg", b"<svg/>", kind)]), "d1")
    answer = client.get(shown(client, STINA)[0]["files"][0]["url"])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/api/people", "/static/page.css", "/static/missing", "/files/x"])
def test_every_answer_forbids_inline_scripts_and_guessing(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_page_lists_everyone_with_role_and_unit(client: httpx.Client) -> None:
    answer = client.get("/api/people").json()
    assert [person["external_id"] for person in answer["people"]] == [p.external_id for p in PEOPLE]
    assert answer["people"][0] == {
        "external_id": ANNA,
        "name": "Anna Exempelsson",
        "role": "ST-läkare",
        "unit": "Vårdcentralen Påhittet",
        "supervisor": EVA,
    }
    assert (answer["now"], answer["moving"]) == ("2026-11-20T09:30+01:00", False)
