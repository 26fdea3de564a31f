"""Posts from the page become Incoming: once each, named by the page's own ids, never in a strange shape."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from bot.platforms.contract import Platform
from handlers.message import Incoming, IncomingKind, Sender

from .demo import ANNA, Running
from .events import shown

ID = "0b1e7d1c-1111-4aaa-8bbb-000000000001"
OTHER = "0b1e7d1c-1111-4aaa-8bbb-000000000002"
SAY = {"as": ANNA, "text": "handledning idag 1h etik", "id": ID}


def test_the_page_is_a_platform_like_the_others(here: Running) -> None:
    platform: Platform = here.demo.web
    assert platform.name == "web"


def test_a_line_becomes_an_incoming_text(here: Running, client: httpx.Client) -> None:
    assert client.post("/api/say", json=SAY).json() == {"ref": ID}
    sender = Sender("web", ANNA, name="Anna Exempelsson", address=ANNA)
    at = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert here.demo.heard == [
        Incoming(sender, f"web:{ID}", at, text="handledning idag 1h etik", message_ref=ID)
    ]


def test_a_line_sent_twice_keeps_its_delivery_key_and_is_shown_once(
    here: Running, client: httpx.Client
) -> None:
    for _ in range(2):
        assert client.post("/api/say", json=SAY).status_code == 200
    assert [came.delivery_key for came in here.demo.heard] == [f"web:{ID}"] * 2
    own, reply = shown(client, ANNA)
    assert (own["own"], own["text"]) == (True, SAY["text"])
    assert (reply["own"], reply["text"].splitlines()[0]) == (False, "Sparat: handledning idag 1h etik")


def test_what_could_not_be_saved_is_not_shown_as_sent(here: Running, client: httpx.Client) -> None:
    here.demo.fails = True
    # On a connection of its own: the server closes it after an error.
    assert httpx.post(f"{here.url}/api/say", json=SAY, trust_env=False).status_code == 500
    assert shown(client, ANNA) == []
    here.demo.fails = False
    assert client.post("/api/say", json=SAY).status_code == 200
    assert here.demo.heard[0].delivery_key == f"web:{ID}"


def test_a_press_names_the_message_and_takes_its_place(here: Running, client: httpx.Client) -> None:
    client.post("/api/say", json=SAY)
    receipt = shown(client, ANNA)[1]
    press = {"as": ANNA, "press": "undo:1", "ref": receipt["ref"], "id": OTHER}
    assert client.post("/api/press", json=press).status_code == 200
    came = here.demo.heard[1]
    assert (came.kind, came.press, came.message_ref) == (IncomingKind.PRESS, "undo:1", receipt["ref"])
    after = shown(client, ANNA)[1]
    assert after["text"].startswith("Ångrat")
    assert (after["ref"], after["place"], after["replaces"]) == (
        receipt["ref"],
        receipt["place"],
        receipt["ref"],
    )
    assert after["buttons"] == []


def test_an_edit_names_the_line_it_changes(here: Running, client: httpx.Client) -> None:
    client.post("/api/say", json=SAY)
    edit = {"as": ANNA, "ref": ID, "text": "handledning idag 2h", "id": OTHER}
    assert client.post("/api/edit", json=edit).json() == {"ref": ID}
    came = here.demo.heard[1]
    assert (came.kind, came.delivery_key, came.message_ref) == (IncomingKind.EDIT, f"web:{OTHER}", ID)
    assert [message["text"].splitlines()[0] for message in shown(client, ANNA)] == [
        "handledning idag 2h",
        "Sparat: handledning idag 1h etik",
        "Ändrat till: handledning idag 2h",
    ]


def test_only_an_own_line_can_be_edited(here: Running, client: httpx.Client) -> None:
    client.post("/api/say", json=SAY)
    for who, ref in ((ANNA, shown(client, ANNA)[1]["ref"]), ("bo", ID)):
        edit = {"as": who, "ref": ref, "text": "annat", "id": OTHER}
        assert client.post("/api/edit", json=edit).status_code == 404
    assert len(here.demo.heard) == 1


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080"])
def test_this_machine_is_answered_under_its_own_names(client: httpx.Client, host: str) -> None:
    assert client.get("/api/people", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/people"])
def test_the_page_is_guarded_by_its_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


@pytest.mark.parametrize(
    "host", ["demo.example", "127.0.0.1.demo.example", "127.0.0.1@demo.example:80", "[::2", ""]
)
@pytest.mark.parametrize("path", ["/", "/api/people", "/static/page.css", "/events?to=anna"])
def test_a_foreign_host_is_refused_everywhere(client: httpx.Client, host: str, path: str) -> None:
    assert client.get(path, headers={"host": host}).status_code == 403


@pytest.mark.parametrize("origin", ["https://demo.example", "null", "http://127.0.0.1:1", "http://localhost"])
def test_a_foreign_origin_is_refused(here: Running, client: httpx.Client, origin: str) -> None:
    answer = client.post("/api/say", json=SAY, headers={"origin": origin})
    assert (answer.status_code, here.demo.heard) == (403, [])


def test_the_pages_own_origin_is_let_in(here: Running, client: httpx.Client) -> None:
    assert client.post("/api/say", json=SAY, headers={"origin": here.url}).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_from_elsewhere_cannot_pass_for_json(here: Running, client: httpx.Client, kind: str) -> None:
    answer = client.post("/api/say", content=b'{"as": "anna"}', headers={"content-type": kind})
    assert (answer.status_code, here.demo.heard) == (415, [])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"as": "anna", "text": "x"}',
        b'{"as": "anna", "text": "", "id": "12345678"}',
        b'{"as": 1, "text": "x", "id": "12345678"}',
        b'{"as": "anna", "text": "x", "id": "../../etc"}',
        b'{"as": "anna", "text": "\\ud800", "id": "12345678"}',
        b'{"as": "anna", "text": "x", "id": "12345678", "more": 1}',
        b"[" * 60_000,
    ],
)
def test_a_strange_shape_is_refused_in_one_line_of_swedish(
    here: Running, client: httpx.Client, content: bytes
) -> None:
    answer = client.post("/api/say", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, here.demo.heard) == (400, [])
    assert answer.json()["error"].startswith(("Innehållet gick inte att läsa", "Fältet ”"))
    assert "\n" not in answer.json()["error"]


@pytest.mark.parametrize("press", ["", "x" * 65, "ångra"])
def test_a_press_is_at_most_64_ascii_bytes(client: httpx.Client, press: str) -> None:
    answer = client.post("/api/press", json={"as": ANNA, "press": press, "ref": "r", "id": ID})
    assert answer.status_code == 400


@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 200), (64 * 1024 + 1, 413)])
def test_a_body_holds_64_kib(client: httpx.Client, size: int, status: int) -> None:
    start, end = f'{{"as": "anna", "id": "{ID}", "text": "'.encode(), b'"}'
    content = start + b"x" * (size - len(start) - len(end)) + end
    json_type = {"content-type": "application/json"}
    assert client.post("/api/say", content=content, headers=json_type).status_code == status
    # In pieces, without a length said beforehand.
    assert client.post("/api/say", content=iter([content]), headers=json_type).status_code == status


@pytest.mark.parametrize("path", ["say", "press", "edit"])
def test_nobody_can_be_someone_unknown(client: httpx.Client, path: str) -> None:
    bodies = {
        "say": {"text": "x"},
        "press": {"press": "undo:1", "ref": "r"},
        "edit": {"text": "x", "ref": "r"},
    }
    answer = client.post(f"/api/{path}", json={"as": "ingen", "id": ID, **bodies[path]})
    assert answer.status_code == 404
    assert "välj igen" in answer.json()["error"]
    assert client.get("/events", params={"to": "ingen"}).status_code == 404
