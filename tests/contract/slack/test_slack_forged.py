"""Requests that are not Slack's, or not whole: 401 or 400, nothing heard, nothing of them in a log."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.odd_input import VALUES
from tests.contract.slack.conftest import World
from tests.contract.slack.host import NOW, SECRET, TOKEN
from tests.fakes.slack_driver import FORM, JSON, command_body, direct, event_body, press, sign
from tests.reliability.sizes import size

CANARY = "canary-patient-ord"
BODY = urlencode(command_body("/handledning", CANARY)).encode()
STAMP = str(int(NOW.timestamp()))
GOOD = sign(SECRET, STAMP, BODY)


def at(seconds: float) -> str:
    return str(int((NOW + timedelta(seconds=seconds)).timestamp()))


FORGED: dict[str, dict[str, str]] = {
    "no headers": {},
    "no timestamp": {"x-slack-signature": GOOD},
    "no signature": {"x-slack-request-timestamp": STAMP},
    "empty timestamp": {"x-slack-request-timestamp": "", "x-slack-signature": GOOD},
    "empty signature": {"x-slack-request-timestamp": STAMP, "x-slack-signature": ""},
    "word for a timestamp": {"x-slack-request-timestamp": "nu", "x-slack-signature": GOOD},
    "broken timestamp": {"x-slack-request-timestamp": STAMP + ".5", "x-slack-signature": GOOD},
    "negative timestamp": {"x-slack-request-timestamp": "-" + STAMP, "x-slack-signature": GOOD},
    "endless timestamp": {"x-slack-request-timestamp": "9" * 5000, "x-slack-signature": GOOD},
    "timestamp with a sign": {"x-slack-request-timestamp": "+" + STAMP, "x-slack-signature": GOOD},
    "no version": {"x-slack-request-timestamp": STAMP, "x-slack-signature": GOOD.removeprefix("v0=")},
    "other version": {"x-slack-request-timestamp": STAMP, "x-slack-signature": "v1" + GOOD[2:]},
    "short signature": {"x-slack-request-timestamp": STAMP, "x-slack-signature": GOOD[:-1]},
    "long signature": {"x-slack-request-timestamp": STAMP, "x-slack-signature": GOOD + "0"},
    "upper case": {"x-slack-request-timestamp": STAMP, "x-slack-signature": "v0=" + GOOD[3:].upper()},
    "wrong secret": {"x-slack-request-timestamp": STAMP, "x-slack-signature": sign("other", STAMP, BODY)},
    "empty secret": {"x-slack-request-timestamp": STAMP, "x-slack-signature": sign("", STAMP, BODY)},
    "other body": {"x-slack-request-timestamp": STAMP, "x-slack-signature": sign(SECRET, STAMP, b"x")},
    "other moment": {"x-slack-request-timestamp": STAMP, "x-slack-signature": sign(SECRET, at(-1), BODY)},
    "stale": {"x-slack-request-timestamp": at(-301), "x-slack-signature": sign(SECRET, at(-301), BODY)},
    "future": {"x-slack-request-timestamp": at(60), "x-slack-signature": sign(SECRET, at(60), BODY)},
    "almost 300 s ahead": {
        "x-slack-request-timestamp": at(299),
        "x-slack-signature": sign(SECRET, at(299), BODY),
    },
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
def test_a_forged_request_is_refused_in_silence(
    world: World, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = world.driver.raw(BODY, {"content-type": FORM} | headers)
    assert (answer.status_code, answer.text) == (401, "")
    assert world.ear.heard == []
    assert CANARY not in caplog.text


@pytest.mark.parametrize("again", ["x-slack-signature", "x-slack-request-timestamp"])
def test_a_header_that_comes_twice_is_refused(world: World, again: str) -> None:
    right = [*world.driver.headers(BODY, STAMP).items(), ("content-type", FORM)]
    url = f"{world.driver.base_url}/slack/events"
    for more in ([(again, "0")], [each for each in right if each[0] == again]):
        assert world.driver.client.post(url, content=BODY, headers=right + more).status_code == 401
    assert world.ear.heard == []


@pytest.mark.parametrize("signature", [b"v0=\xe5\xe4\xf6", "v0=åäö".encode(), b"v0=" + b"\xff" * 64])
def test_a_signature_that_is_not_ascii_is_refused(world: World, signature: bytes) -> None:
    headers = {b"x-slack-request-timestamp": STAMP.encode(), b"x-slack-signature": signature}
    assert world.driver.raw(BODY, headers).status_code == 401
    digits = {b"x-slack-request-timestamp": "١٢٣".encode(), b"x-slack-signature": GOOD.encode()}
    assert world.driver.raw(BODY, digits).status_code == 401
    assert world.ear.heard == []


@pytest.mark.parametrize(
    ("age", "status"), [(299, 200), (300, 200), (301, 401), (0, 200), (-5, 200), (-6, 401), (-300, 401)]
)
def test_a_request_is_good_for_five_minutes(world: World, age: int, status: int) -> None:
    body = json.dumps(event_body(direct("hej"))).encode()
    headers = world.driver.headers(body, at(0)) | {"content-type": JSON}
    world.clock.now = NOW + timedelta(seconds=age)
    assert world.driver.raw(body, headers).status_code == status
    assert len(world.ear.heard) == (status == 200)


MALFORMED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", JSON),
    "half an object": (b'{"type": "event_callback", "event"', JSON),
    "not JSON": (CANARY.encode(), JSON),
    "a list": (b'[{"type": "event_callback"}]', JSON),
    "a word": (b'"event_callback"', JSON),
    "not UTF-8": (b'{"type": "\xff\xfe"}', JSON),
    "bottomless": (b"[" * 100_000, JSON),
    "endless number": (b'{"type": ' + b"9" * 10_000 + b"}", JSON),
    "no type": (b"{}", JSON),
    "a number for a type": (b'{"type": 7}', JSON),
    "no event": (b'{"type": "event_callback", "event_id": "Ev1"}', JSON),
    "a word for an event": (b'{"type": "event_callback", "event": "message"}', JSON),
    "no event id": (json.dumps(event_body(direct("hej"), event_id=None)).encode(), JSON),
    "no time": (json.dumps(event_body(direct("hej", ts="nu"))).encode(), JSON),
    "a list for a team": (b'{"type": "event_callback", "team": ["T1"], "event": {}}', JSON),
    "authorizations all the way down": (b'{"authorizations": [' * 450 + b"{}" + b"]}" * 450, JSON),
    "words for authorizations": (b'{"type": "block_actions", "authorizations": "T1"}', JSON),
    "a half payload": (urlencode({"payload": '{"type": "block_act'}).encode(), FORM),
    "a payload that is no object": (urlencode({"payload": "[]"}).encode(), FORM),
    "a press by nobody": (urlencode({"payload": json.dumps(press("a") | {"user": None})}).encode(), FORM),
    "a press nowhere": (urlencode({"payload": json.dumps(press("a") | {"channel": []})}).encode(), FORM),
    "a press of no delivery": (urlencode({"payload": json.dumps(press("a", trigger_id=""))}).encode(), FORM),
    "a command of no delivery": (urlencode(command_body("/status", trigger_id="")).encode(), FORM),
    "a command by nobody": (urlencode(command_body("/status", user_id="å ä")).encode(), FORM),
    "a workspace that no row can keep": (
        json.dumps(event_body(direct("hej"), team_id="T" * 65)).encode(),
        JSON,
    ),
    "too many fields": (b"&".join([BODY, *(b"a%d=1" % n for n in range(200))]), FORM),
    "an empty form": (b"", FORM),
    "a challenge that is none": (b'{"type": "url_verification", "challenge": {"a": 1}}', JSON),
    "no challenge": (b'{"type": "url_verification"}', JSON),
}


@pytest.mark.parametrize(("body", "content_type"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_body_is_refused_though_rightly_signed(
    world: World, caplog: pytest.LogCaptureFixture, body: bytes, content_type: str
) -> None:
    caplog.set_level(logging.DEBUG)
    assert world.driver.post(body, content_type).status_code == 400
    assert world.ear.heard == []
    assert CANARY not in caplog.text


@pytest.mark.parametrize("size", [256 * 1024 + 1, 2_000_000])
def test_an_oversized_body_is_refused(world: World, size: int) -> None:
    assert world.driver.post(b" " * size).status_code == 400


def test_an_oversized_body_that_does_not_tell_its_size_is_refused(world: World) -> None:
    stamp = at(0)
    headers = world.driver.headers(b"", stamp)
    chunks = (b" " * 65_536 for _ in range(5))
    url = f"{world.driver.base_url}/slack/events"
    assert world.driver.client.post(url, content=chunks, headers=headers).status_code == 400


def test_a_body_of_just_the_right_size_is_read(world: World) -> None:
    body = json.dumps(event_body(direct("x"))).encode()
    assert world.driver.post(body + b" " * (256 * 1024 - len(body))).status_code == 200


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json; charset=utf-16", FORM])
def test_an_event_is_read_whatever_its_type_is_called(world: World, content_type: str) -> None:
    assert world.driver.post(json.dumps(event_body(direct("hej"))).encode(), content_type).status_code == 200
    assert len(world.ear.heard) == 1


def test_only_posts_are_taken(world: World) -> None:
    assert world.driver.client.get(f"{world.driver.base_url}/slack/events").status_code == 405


def test_no_log_holds_what_was_said_or_a_secret(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("slack", "aiohttp", "asyncio")):
            logging.getLogger(name).setLevel(logging.DEBUG)
    world.driver.command("/handledning", CANARY)
    world.driver.event(direct(CANARY))
    world.driver.interaction(press("a", message={"text": CANARY}))
    world.driver.interaction({"type": "view_submission", "view": {"title": CANARY}})
    assert len(world.ear.heard) == 3
    for secret in (CANARY, SECRET, TOKEN):
        assert secret not in caplog.text


KEYS = """
    type command event event_id team team_id user user_id channel authorizations actions container
    text trigger_id payload view enterprise response_urls function_data challenge ts subtype
    is_ext_shared_channel ssl_check message previous_message response_url
"""
bodies = st.dictionaries(st.sampled_from(KEYS.split()), VALUES, max_size=8)
kinds = st.sampled_from(["event_callback", "block_actions", "url_verification", "view_submission", "x"])
FUZZ = settings(max_examples=size(200, 3_000), deadline=None, suppress_health_check=list(HealthCheck))


@FUZZ
@given(body=bodies, kind=kinds)
def test_no_object_however_odd_makes_a_server_error(shared_world: World, body: object, kind: str) -> None:
    assert isinstance(body, dict)
    assert shared_world.driver.post(json.dumps({"type": kind} | body).encode()).status_code < 500
    assert shared_world.driver.interaction({"type": kind} | body).status_code < 500


@FUZZ
@given(event=bodies, seed=st.sampled_from([direct("hej"), press("a")]))
def test_no_event_however_odd_makes_a_server_error(
    shared_world: World, event: dict[str, object], seed: dict[str, object]
) -> None:
    assert shared_world.driver.event(seed | event).status_code < 500
    assert shared_world.driver.interaction(seed | event).status_code < 500


@FUZZ
@given(body=st.binary(max_size=300), content_type=st.sampled_from([JSON, FORM, "text/plain", ""]))
def test_no_bytes_however_odd_make_a_server_error(
    shared_world: World, body: bytes, content_type: str
) -> None:
    assert shared_world.driver.post(body, content_type).status_code < 500


@FUZZ
@given(stamp=st.binary(max_size=20), signature=st.binary(max_size=70))
def test_no_header_however_odd_makes_a_server_error(
    shared_world: World, stamp: bytes, signature: bytes
) -> None:
    printable = {ord(c) for c in "\t"} | set(range(32, 127)) | set(range(128, 256))
    headers = {
        b"x-slack-request-timestamp": bytes(b for b in stamp if b in printable).strip(),
        b"x-slack-signature": bytes(b for b in signature if b in printable).strip(),
    }
    assert shared_world.driver.raw(BODY, headers).status_code == 401
