"""Requests that are not Teams', or not whole: refused, nothing heard, nothing of them in a log."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.odd_input import VALUES
from tests.contract.teams.conftest import World
from tests.contract.teams.host import NOW, SLACK_SECRET
from tests.fakes.slack_driver import SlackDriver
from tests.fakes.teams_driver import (
    CLIENT_ID,
    SECRET,
    TENANT,
    TeamsDriver,
    activity,
    consent,
    edited,
    installed,
    mention,
    message,
    press,
    submit,
)
from tests.reliability.sizes import size

CANARY = "canary-patient-ord"
SECONDS = int(NOW.timestamp())


def part(value: object) -> str:
    """A part of a token that we make ourselves."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(driver: TeamsDriver) -> dict[str, Any]:
    """What a right token says."""
    return json.loads(base64.urlsafe_b64decode(driver.token().split(".")[1] + "=="))  # type: ignore[no-any-return]


def hs256(driver: TeamsDriver) -> str:
    """Signed with HS256 and the published key as its secret: what trusting `alg` lets through."""
    pem = driver.client.post(f"{driver.fake.url}/control/public", json={}).json()["pem"]
    signed = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'main'})}.{part(claims(driver))}"
    return f"{signed}.{part(hmac.new(pem.encode(), signed.encode(), hashlib.sha256).digest())}"


def unsigned(driver: TeamsDriver) -> str:
    return f"{part({'alg': 'none', 'kid': 'main'})}.{part(claims(driver))}.{part(b'x')}"


def altered(driver: TeamsDriver) -> str:
    head, _, tail = driver.token().split(".")
    return f"{head}.{part(claims(driver) | {'exp': SECONDS + 99999})}.{tail}"


FORGED: dict[str, Callable[[TeamsDriver], str | None]] = {
    "nothing": lambda _: None,
    "empty": lambda _: "",
    "no token": lambda _: "Bearer",
    "basic": lambda _: "Basic YTpi",
    "garbage": lambda _: "Bearer not.a.token",
    "one word": lambda _: "Bearer abc",
    "two parts": lambda d: f"Bearer {d.token().rpartition('.')[0]}",
    "four parts": lambda d: f"Bearer {d.token()}.e30",
    "two tokens": lambda d: f"Bearer {d.token()} {d.token()}",
    "not JSON": lambda _: f"Bearer {part(b'nej')}.{part(b'nej')}.{part(b'x')}",
    "bottomless": lambda _: f"Bearer {part(b'[' * 2900)}.{part({})}.{part(b'x')}",
    "a list for a head": lambda _: f"Bearer {part(['RS256'])}.{part({})}.{part(b'x')}",
    "a list for a body": lambda _: f"Bearer {part({'alg': 'RS256', 'kid': 'main'})}.{part([])}.{part(b'x')}",
    "critical extension": lambda d: f"Bearer {d.token(header={'crit': ['b64'], 'b64': False})}",
    "too long": lambda _: "Bearer " + "a." + "b" * 9000 + ".c",
    "unsigned": lambda d: f"Bearer {unsigned(d)}",
    "HS256 with the public key": lambda d: f"Bearer {hs256(d)}",
    "altered": lambda d: f"Bearer {altered(d)}",
    "an unpublished key": lambda d: f"Bearer {d.token(key='other')}",
    "an unpublished key by a published name": lambda d: (
        f"Bearer {d.token(key='other', header={'kid': 'main'})}"
    ),
    "a broken key": lambda d: f"Bearer {d.token(key='other', header={'kid': 'broken'})}",
    "a key of another kind": lambda d: f"Bearer {d.token(key='other', header={'kid': 'odd'})}",
    "another audience": lambda d: f"Bearer {d.token({'aud': TENANT})}",
    "no audience": lambda d: f"Bearer {d.token({'aud': None})}",
    "another issuer": lambda d: f"Bearer {d.token({'iss': 'https://sts.windows.net/x/'})}",
    "no issuer": lambda d: f"Bearer {d.token({'iss': None})}",
    "expired": lambda d: f"Bearer {d.token({'exp': SECONDS - 301})}",
    "no end": lambda d: f"Bearer {d.token({'exp': None})}",
    "a word for an end": lambda d: f"Bearer {d.token({'exp': 'aldrig'})}",
    "not valid yet": lambda d: f"Bearer {d.token({'nbf': SECONDS + 302})}",
    "another service": lambda d: f"Bearer {d.token({'serviceurl': 'https://smba.trafficmanager.net/emea/'})}",
    "no service": lambda d: f"Bearer {d.token({'serviceurl': None})}",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_request_is_refused_in_silence(
    world: World, caplog: pytest.LogCaptureFixture, forge: Callable[[TeamsDriver], str | None]
) -> None:
    caplog.set_level(logging.DEBUG)
    body = json.dumps(message(CANARY) | {"serviceUrl": world.driver.service}).encode()
    header = forge(world.driver)
    answer = world.driver.raw(body, {} if header is None else {"authorization": header})
    assert (answer.status_code, answer.text) == (401, "")
    assert world.ear.heard == []
    assert CANARY not in caplog.text


def test_an_authorization_that_is_not_ascii_is_refused(world: World) -> None:
    for value in ("Bearer åäö".encode(), b"Bearer \xff.\xff.\xff", "Bearer ١.٢.٣".encode()):
        url = f"{world.driver.base_url}/api/messages"
        answer = world.driver.client.post(url, content=b"{}", headers={b"authorization": value})
        assert answer.status_code == 401


def test_two_tokens_are_none(world: World) -> None:
    body = json.dumps(message("hej") | {"serviceUrl": world.driver.service}).encode()
    right, url = world.driver.bearer()["authorization"], f"{world.driver.base_url}/api/messages"
    for two in ((right, "Bearer a.b.c"), (right, right)):
        headers = [("authorization", each) for each in two]
        assert world.driver.client.post(url, content=body, headers=headers).status_code == 401
    assert world.ear.heard == []


@pytest.mark.parametrize(
    ("times", "status"),
    [
        ({"exp": SECONDS - 299}, 200),
        ({"exp": SECONDS - 300}, 401),
        ({"nbf": SECONDS + 300}, 200),
        ({"nbf": SECONDS + 301}, 401),
        ({"nbf": None}, 200),
    ],
)
def test_clocks_may_differ_by_five_minutes(world: World, times: dict[str, int], status: int) -> None:
    assert world.driver.post(message("hej"), claims=times).status_code == status
    assert len(world.ear.heard) == (status == 200)


ELSEWHERE: dict[str, dict[str, Any]] = {
    "another channel": {"channelId": "webchat"},
    "no channel": {"channelId": None},
    "another tenant": {"channelData": {"tenant": {"id": CLIENT_ID}}},
    "another tenant in the conversation": {
        "channelData": {},
        "conversation": {"conversationType": "personal", "id": "a:1", "tenantId": CLIENT_ID},
    },
    "another tenant in the conversation than in the channel": {
        "conversation": {"conversationType": "personal", "id": "a:1", "tenantId": CLIENT_ID},
    },
    "no tenant": {"channelData": {}, "conversation": {"conversationType": "personal", "id": "a:1"}},
    "a tenant that is no text": {
        "channelData": {"tenant": {"id": 7}},
        "conversation": {"conversationType": "personal", "id": "a:1", "tenantId": None},
    },
}


@pytest.mark.parametrize("more", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_is_signed_but_from_elsewhere_is_refused(world: World, more: dict[str, Any]) -> None:
    assert world.driver.post(message("hej") | more).status_code == 403
    assert world.ear.heard == []


def test_a_key_that_is_endorsed_for_others_speaks_for_them_alone(world: World) -> None:
    assert world.driver.post(message("hej"), key="unendorsed").status_code == 403
    assert world.ear.heard == []


def test_a_key_of_which_no_endorsements_are_told_speaks_for_every_channel(world: World) -> None:
    assert world.driver.post(message("hej"), key="bare").status_code == 200
    assert len(world.ear.heard) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.se/",
        "http://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net.evil.se/",
        "https://evilsmba.trafficmanager.net/",
        "https://evil.smba.trafficmanager.net/",
        "https://smba.trafficmanager.net@evil.se/",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net/../\\evil.se",
        "http://169.254.169.254/latest",
        "http://127.0.0.1:1/teams/",
        "file:///etc/passwd",
        "https://[",
        "",
        7,
    ],
)
def test_no_other_service_is_ever_believed(world: World, url: object) -> None:
    body = message("hej", serviceUrl=url)
    assert world.driver.post(body, claims={"serviceurl": url}).status_code == 403
    assert world.ear.heard == []


def test_microsofts_own_service_is_believed(world: World) -> None:
    url = "https://smba.trafficmanager.net/emea/99999999-8888-4777-8666-555555555555/"
    assert world.driver.post(message("hej", serviceUrl=url), claims={"serviceurl": url}).status_code == 200
    assert world.ear.heard[0].sender.address.endswith(f" {url}")


# --- keys


def test_the_keys_are_fetched_once_and_kept(another: Callable[..., World]) -> None:
    world = another()
    for _ in range(5):
        assert world.driver.post(message("hej")).status_code == 200
    assert len(world.calls("keys")) == 1


def test_unknown_keys_cost_one_refresh_a_minute_at_most(another: Callable[..., World]) -> None:
    world = another()
    statuses = []
    for second in (0, 1, 59, 60, 61, 119, 120):
        world.clock.now = NOW + timedelta(seconds=second)
        for name in ("påhittad", "x"):
            answer = world.driver.post(message("hej"), header={"kid": name})
            statuses.append(answer.status_code)
    assert set(statuses) == {401}
    assert len(world.calls("keys")) == 3  # at 0, 60 and 120 seconds


def test_a_clock_that_is_put_back_keeps_no_new_key_out(another: Callable[..., World]) -> None:
    world = another()
    assert world.driver.post(message("hej")).status_code == 200
    world.clock.now = NOW - timedelta(days=3)
    assert world.driver.post(message("hej"), header={"kid": "ny"}).status_code == 401
    assert len(world.calls("keys")) == 2


def test_keys_are_asked_for_anew_after_a_day(another: Callable[..., World]) -> None:
    world = another()
    for hours, fetched in ((0, 1), (23, 1), (25, 2), (26, 2)):
        world.clock.now = NOW + timedelta(hours=hours)
        assert world.driver.post(message("hej")).status_code == 200
        assert len(world.calls("keys")) == fetched


def test_a_key_server_that_is_away_later_does_not_silence_anybody(another: Callable[..., World]) -> None:
    world = another()
    assert world.driver.post(message("hej")).status_code == 200
    world.fault("keys", "answer", status=500, times=9)
    world.clock.now = NOW + timedelta(hours=25)
    assert world.driver.post(message("hej")).status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "answer", "status": 500},
        {"kind": "answer", "status": 200, "body": "<html>"},
        {"kind": "answer", "status": 200, "body": {"keys": []}},
        {"kind": "answer", "status": 200, "body": ["keys"]},
        {"kind": "reset"},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('body', '')}",
)
def test_without_keys_teams_is_asked_to_come_again(
    another: Callable[..., World], fault: dict[str, Any]
) -> None:
    world = another()
    world.fault("keys", **fault)
    assert world.driver.post(message("hej")).status_code == 503
    assert world.ear.heard == []
    world.clock.now = NOW + timedelta(seconds=60)
    assert world.driver.post(message("hej")).status_code == 200


def test_a_stuck_key_server_holds_up_nobody_else(another: Callable[..., World]) -> None:
    world = another()
    world.fault("keys", "hold")
    waiting: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda: waiting.append(world.driver.post(message("hej")))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    world.wait_for("keys", 1)
    slack = SlackDriver(world.driver.base_url, SLACK_SECRET, world.clock)
    assert slack.command("/status").status_code == 200
    slack.close()
    assert waiting == []
    world.control("release")
    for thread in threads:
        thread.join(30)
    assert [answer.status_code for answer in waiting] == [200] * 3
    assert len(world.calls("keys")) == 2  # one that was held, and the same once it was released


def test_a_stuck_key_server_does_not_hold_up_those_whose_key_is_known(another: Callable[..., World]) -> None:
    world = another()
    assert world.driver.post(message("hej")).status_code == 200
    world.fault("keys", "hold")
    world.clock.now = NOW + timedelta(minutes=2)
    stranger = threading.Thread(target=lambda: world.driver.post(message("hej"), header={"kid": "x"}))
    stranger.start()
    world.wait_for("keys", 2)
    assert world.driver.post(message("hej")).status_code == 200
    world.control("release")
    stranger.join(30)


# --- malformed

WHOLE = message("hej")
MALFORMED: dict[str, dict[str, Any]] = {
    "no type": WHOLE | {"type": None},
    "a number for a type": WHOLE | {"type": 7},
    "no id": edited(WHOLE, "hej", id=None),
    "spaces in an id": WHOLE | {"id": "1 2"},
    "no sender": WHOLE | {"from": None},
    "a nameless sender": WHOLE | {"from": {"name": "Anna"}},
    "a list for a sender": WHOLE | {"from": {"aadObjectId": ["x"]}},
    "no conversation": WHOLE | {"conversation": None},
    "a word for a conversation": WHOLE | {"conversation": "a:1"},
    "a conversation without id": WHOLE | {"conversation": {"conversationType": "personal"}},
    "endless ids": WHOLE
    | {"conversation": {"conversationType": "personal", "id": "a" * 200}, "id": "1" * 100},
    "a mention to nobody": mention("hej", recipient=None),
    "an invoke of nothing": press({}) | {"value": None},
    "an invoke without action": press({}) | {"value": {"action": 7}},
    "a press by nobody": press({"press": "undo.1.1"}) | {"from": {}},
    "an offer answered oddly": consent("x") | {"value": {"action": "accept", "context": {"offer": "x"}}},
    "an offer answered with nothing": consent("x") | {"value": []},
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_activity_is_refused_though_rightly_signed(world: World, body: dict[str, Any]) -> None:
    assert world.driver.post(body).status_code == 400
    assert world.ear.heard == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b'{"type": "message", "text"',
        CANARY.encode(),
        b'[{"type": "message"}]',
        b'"message"',
        b'{"type": "\xff\xfe"}',
        b"[" * 100_000,
        b'{"type": ' + b"9" * 10_000 + b"}",
    ],
    ids=lambda raw: raw[:12],
)
def test_a_malformed_body_is_refused_though_rightly_signed(
    world: World, caplog: pytest.LogCaptureFixture, raw: bytes
) -> None:
    caplog.set_level(logging.DEBUG)
    assert world.driver.raw(raw, world.driver.bearer()).status_code == 400
    assert world.ear.heard == []
    assert CANARY not in caplog.text


def test_a_body_may_have_just_the_right_size(world: World) -> None:
    raw = json.dumps(message("hej") | {"serviceUrl": world.driver.service}).encode()
    whole = raw + b" " * (256 * 1024 - len(raw))
    assert world.driver.raw(whole, world.driver.bearer()).status_code == 200
    assert world.driver.raw(whole + b" ", world.driver.bearer()).status_code == 400
    chunks = (b" " * 65_536 for _ in range(5))
    url = f"{world.driver.base_url}/api/messages"
    assert world.driver.client.post(url, content=chunks, headers=world.driver.bearer()).status_code == 400


def test_only_posts_are_taken(world: World) -> None:
    assert world.driver.client.get(f"{world.driver.base_url}/api/messages").status_code == 405


def test_no_log_holds_what_was_said_or_a_secret(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("microsoft", "asyncio", "handledd")):
            logging.getLogger(name).setLevel(logging.DEBUG)
    token = world.driver.token()
    for body in (message(CANARY), mention(f"<at>handledd</at> {CANARY}"), submit({"press": CANARY})):
        assert world.driver.post(body).status_code == 200
    world.driver.post(press({"press": CANARY}), key="other")
    world.ear.error = RuntimeError(CANARY)
    world.driver.post(message(CANARY))
    assert len(world.ear.heard) == 4
    for secret in (CANARY, SECRET, token):
        assert secret not in caplog.text


# --- odd ones

KEYS = """
    type id name action text value timestamp localTimestamp from conversation recipient
    channelData entities attachments replyToId
"""
bodies = st.dictionaries(st.sampled_from(KEYS.split()), VALUES, max_size=6)
SEEDS = [
    message("hej"),
    mention("<at>handledd</at> hej"),
    edited(message("a"), "b"),
    press({"press": "undo.1.1"}),
    submit({"press": "undo.1.1"}),
    installed(),
    consent("x", "https://x.sharepoint.com/y"),
    activity("invoke", name="x"),
]
FUZZ = settings(max_examples=size(200, 3_000), deadline=None, suppress_health_check=list(HealthCheck))


@FUZZ
@given(body=bodies, seed=st.sampled_from(SEEDS))
def test_no_activity_however_odd_makes_a_server_error(
    world: World, body: dict[str, Any], seed: dict[str, Any]
) -> None:
    assert world.driver.post(seed | body).status_code < 500
    assert world.driver.post(body | {"channelId": "msteams"}).status_code < 500


@FUZZ
@given(body=VALUES, data=VALUES)
def test_no_press_however_odd_makes_a_server_error(world: World, body: object, data: object) -> None:
    invoke = press({})
    for value in (body, {"action": body}, {"action": {"data": data}}, {"action": {"data": {"press": data}}}):
        assert world.driver.post(invoke | {"value": value}).status_code < 500


@FUZZ
@given(raw=st.binary(max_size=300))
def test_no_bytes_however_odd_make_a_server_error(world: World, raw: bytes) -> None:
    assert world.driver.raw(raw, world.driver.bearer()).status_code < 500


@FUZZ
@given(value=st.binary(max_size=200), prefix=st.sampled_from([b"", b"Bearer ", b"Bearer e30.e30."]))
def test_no_header_however_odd_makes_a_server_error(world: World, value: bytes, prefix: bytes) -> None:
    printable = {ord("\t"), *range(32, 127), *range(128, 256)}
    header = (prefix + bytes(b for b in value if b in printable)).strip()
    url = f"{world.driver.base_url}/api/messages"
    answer = world.driver.client.post(url, content=b"{}", headers={b"authorization": header})
    assert answer.status_code == 401
