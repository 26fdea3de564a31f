"""One service, many workspaces: installing, sending with the right token, removing, and who is who there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from bot.platforms.contract import Address, SendError
from bot.registry import Registry
from handlers.installing import VALID, permit
from handlers.message import Incoming, IncomingKind, Message, Reply, Sender
from handlers.people import recognise
from handlers.receive import receive
from storage.engine import reading, writing
from storage.tables import Audit, Identity, Installation, InstallState
from tests.contract.slack.host import NOW, SECRET, Clock, Ear, Host, serving
from tests.fakes.process import Fake
from tests.fakes.slack_driver import SlackDriver, direct, press
from tests.support.waiting import wait_for
from tests.support.world import World as People

OAUTH = ("11.22", "oauth-canary-5")


class Receiving(Ear):
    """The real thing behind the platform: what is heard is received."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        super().__init__()
        self.engine, self.clock = engine, clock
        self.replies: list[Reply] = []

    async def __call__(self, incoming: Incoming) -> Reply:
        self.heard.append(incoming)
        reply = await asyncio.to_thread(receive, self.engine, incoming, self.clock())
        self.replies.append(reply)
        return reply


@dataclass(frozen=True, slots=True)
class Town:
    """A running host over a real database with the made-up people in it, and the fake Slack."""

    host: Host
    ear: Receiving
    people: People
    fake: Fake
    driver: SlackDriver

    def control(self, what: str, **args: Any) -> None:
        httpx.post(f"{self.fake.url}/control/{what}", json=args, trust_env=False).raise_for_status()

    def link(self) -> str:
        with writing(self.people.engine) as session:
            return permit(session, self.host.clock())

    def install(self, code: str, state: str) -> httpx.Response:
        query = {"code": code, "state": state}
        return httpx.get(f"{self.driver.base_url}/slack/oauth", params=query, trust_env=False)

    def user(self, user: str, email: str, team: str = "T1", **more: Any) -> None:
        known = {"id": user, "team_id": team, "is_email_confirmed": True, "profile": {"email": email}}
        self.control("user", **(known | more))

    def write(self, text: str, user: str = "U77", team: str = "T1", **more: Any) -> Reply:
        body = {"team_id": team, "authorizations": []} | more
        assert self.driver.event(direct(text, user=user), **body).status_code == 200
        return self.ear.replies[-1]

    def linked(self, user: str = "U77", team: str = "T1") -> str | None:
        with reading(self.people.engine) as session:
            known = recognise(session, Sender("slack", user, team))
            return known.person.email if known else None


@pytest.fixture
def town(slack_process: Fake, sqlite: Engine) -> Iterator[Town]:
    with opened(slack_process, sqlite) as town:
        yield town


@contextmanager
def opened(fake: Fake, engine: Engine, **fault: Any) -> Iterator[Town]:
    """A town whose Slack works, or has a fault as the bot starts."""
    people = People(engine)
    clock = Clock()
    ear, registry = Receiving(engine, clock), Registry(engine, clock, "slack")
    host = Host(f"{fake.url}/api/", ear=ear, clock=clock, registry=registry, oauth=OAUTH)
    httpx.post(f"{fake.url}/control/reset", json={}, trust_env=False).raise_for_status()
    if fault:
        httpx.post(f"{fake.url}/control/fault", json=fault, trust_env=False).raise_for_status()
    with serving(host) as url:
        driver = SlackDriver(url, SECRET, host.clock)
        yield Town(host, ear, people, fake.from_now_on(), driver)
        driver.close()


# --- installing


def test_an_installation_is_kept_and_its_own_token_sends_there(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    answer = town.install("good-T21", town.link())
    assert (answer.status_code, answer.text.startswith("Klart")) == (200, True)
    [kept] = town.people.rows(Installation)
    assert (kept.platform, kept.workspace, kept.name, kept.removed_at) == (
        "slack",
        "T21",
        "Kliniken T21",
        None,
    )
    for workspace in ("T21", "T1", "T99"):  # T99: a guest, met in a shared channel
        town.host.run(town.host.slack.send(Address("slack", "U5", workspace), Message("Hej"), "d1"))
    posts = [line for line in town.fake.seen() if line["method"] == "chat.postMessage"]
    assert [line["args"]["workspace"] for line in posts] == ["T21", "T1", "T1"]
    assert "canary" not in caplog.text
    assert "canary" not in answer.text
    assert "canary" not in repr(kept)


def test_a_link_works_once(town: Town) -> None:
    state = town.link()
    assert town.install("good-T22", state).status_code == 200
    assert town.install("good-T23", state).status_code == 403
    assert [kept.workspace for kept in town.people.rows(Installation)] == ["T22"]


def test_a_link_is_not_used_up_by_who_only_looks(town: Town) -> None:
    query = {"code": "good-T27", "state": town.link()}
    looked = httpx.head(f"{town.driver.base_url}/slack/oauth", params=query, trust_env=False)
    assert (looked.status_code, looked.headers["allow"]) == (405, "GET")
    assert town.install(**query).status_code == 200


def test_a_link_works_once_also_when_slack_refuses(town: Town) -> None:
    state = town.link()
    assert town.install("bad", state).status_code == 400
    assert town.install("good-T24", state).status_code == 403
    assert town.people.rows(Installation) == []


@pytest.mark.parametrize(("late", "status"), [(0, 200), (1, 403)])
def test_a_link_lasts_an_hour(town: Town, late: int, status: int) -> None:
    state = town.link()
    town.host.clock.now += VALID if late else VALID * 0.999
    assert town.install(f"good-T25{late}", state).status_code == status


@pytest.mark.parametrize("state", ["", "x", "x" * 9000])
def test_nobody_installs_without_a_link(town: Town, state: str) -> None:
    assert town.install("good-T26", state).status_code == 403
    assert town.people.rows(Installation) == []


def test_who_has_no_link_keeps_no_writer_waiting(town: Town) -> None:
    with writing(town.people.engine):  # somebody's line is being saved
        assert town.install("good-T28", "x" * 43).status_code == 403


@pytest.mark.parametrize("code", ["", "org", "å", "x" * 501])
def test_what_slack_does_not_vouch_for_is_not_kept(town: Town, code: str) -> None:
    assert town.install(code, town.link()).status_code == 400
    assert town.people.rows(Installation) == []


def test_only_the_hash_of_a_link_is_kept(town: Town) -> None:
    state = town.link()
    assert state not in repr(town.people.rows(InstallState))


# --- removing


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOT2"]}}]
)
def test_a_removed_app_is_written_to_no_more(town: Town, event: dict[str, Any]) -> None:
    workspace = f"T3{len(event)}"
    town.install(f"good-{workspace}", town.link())
    town.user("U77", "anna@exempel.se", workspace)
    town.write("status", team=workspace)
    assert town.linked(team=workspace) == "anna@exempel.se"
    assert town.driver.event(event, team_id=workspace).status_code == 200
    [kept] = town.people.rows(Installation)
    assert (kept.token, kept.removed_at) == ("", NOW)
    account = next(row for row in town.people.rows(Identity) if row.workspace == workspace)
    assert account.disabled_reason == "app removed"
    assert any(row.act == "app_removed" for row in town.people.rows(Audit))


def test_a_persons_own_revoked_token_is_nothing_to_us(town: Town) -> None:
    town.driver.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    assert town.ear.heard == []


def test_an_app_that_is_installed_again_reaches_everybody_again(town: Town) -> None:
    town.install("good-T41", town.link())
    town.user("U77", "anna@exempel.se", "T41")
    town.write("status", team="T41")
    town.driver.event({"type": "app_uninstalled"}, team_id="T41")
    town.control("reset")
    with writing(town.people.engine) as session:
        state = permit(session, town.host.clock())
    assert town.install("good-T41", state).status_code == 400  # Slack gives each code once
    assert town.install("good-T42", town.link()).status_code == 200
    registry = Registry(town.people.engine, town.host.clock, "slack")
    asyncio.run(registry.install("T41", "Kliniken", "xoxb-again"))
    account = next(row for row in town.people.rows(Identity) if row.workspace == "T41")
    assert account.disabled_at is None


def test_without_any_token_nothing_is_sent(slack_process: Fake, sqlite: Engine) -> None:
    clock = Clock()
    host = Host(f"{slack_process.url}/api/", token="", registry=Registry(sqlite, clock, "slack"), oauth=OAUTH)
    with serving(host), pytest.raises(SendError) as refused:
        host.run(host.slack.send(Address("slack", "U5", "T9"), Message("Hej"), "d1"))
    assert refused.value.permanent


# --- who is who


def test_a_member_is_known_by_the_confirmed_email(town: Town) -> None:
    town.user("U77", "Anna@Exempel.se")
    reply = town.write("handledning idag 1h")
    assert reply.message.text.startswith("Välkommen, Anna Berg!")
    assert "Sparat: handledning" in reply.message.text
    assert town.linked() == "anna@exempel.se"
    town.write("status")
    assert len([line for line in town.fake.seen() if line["method"] == "users.info"]) == 1


def test_a_slack_that_was_away_at_the_start_is_asked_later_whose_it_is(
    slack_process: Fake, sqlite: Engine
) -> None:
    fault = {"method": "auth.test", "kind": "reset", "times": 1}
    with opened(slack_process, sqlite, **fault) as town:
        town.user("U77", "Anna@Exempel.se")
        town.write("status")
        assert town.linked() == "anna@exempel.se"


def test_a_command_and_a_press_are_known_by_it_too(town: Town) -> None:
    town.user("U78", "bo@exempel.se")
    answer = town.driver.command("/laget", user_id="U78")
    assert answer.json()["text"].startswith("Välkommen, Bo Dal!")
    town.user("U79", "eva@exempel.se")
    user = {"id": "U79", "name": "Anna Berg", "team_id": "T1"}
    town.driver.interaction(press("undo.1.1", user=user))
    assert town.linked("U79") == "eva@exempel.se"


@pytest.mark.parametrize(
    "more",
    [
        {"is_email_confirmed": False},
        {"is_email_confirmed": "true"},
        {"is_bot": True},
        {"deleted": True},
        {"is_stranger": True},
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"team_id": "T9"},
        {"profile": {}},
        {"profile": {"email": ""}},
        {"profile": {"email": "nobody@exempel.se"}},
    ],
)
def test_nobody_else_is(town: Town, more: dict[str, Any]) -> None:
    town.user("U77", "anna@exempel.se", **more)
    assert town.write("handledning idag 1h").outcome == "stranger"
    assert town.linked() is None


def test_a_workspace_that_did_not_install_the_app_is_believed_in_nothing(town: Town) -> None:
    town.user("U77", "anna@exempel.se", "T9")
    assert town.write("status", team="T9").outcome == "stranger"
    assert [line for line in town.fake.seen() if line["method"] == "users.info"] == []


def test_a_display_name_says_nothing(town: Town) -> None:
    town.user("U77", "other@exempel.se", real_name="Anna Berg", name="anna@exempel.se")
    assert town.write("status").outcome == "stranger"


def test_a_slack_that_does_not_answer_holds_nobody_up(town: Town) -> None:
    town.control("fault", method="users.info", kind="hang")
    assert town.write("status").outcome == "stranger"


def test_whom_a_member_mentions_goes_by_the_roster_or_by_the_name_slack_shows(town: Town) -> None:
    town.user("U77", "anna@exempel.se")
    town.user("U5", "eva@exempel.se", real_name="evis")
    town.user("U6", "nils@other.example", profile={"real_name": "Nils Ny"})
    assert "mini-CEX sön 22 nov (v 47) · av Eva Ek" in town.write("mini-cex idag av <@U5>").message.text
    assert "DOPS sön 22 nov (v 47) · av Nils Ny" in town.write("dops idag av <@U6>").message.text
    told = town.write("cbd idag av <@U404>").message.text
    assert told.startswith("Jag vet inte vem du nämner")


def test_a_code_goes_before_the_email(town: Town) -> None:
    town.user("U77", "anna@exempel.se")
    assert town.write("koppla ABCDEFGH").outcome == "link_refused"
    assert town.linked() is None


def test_opening_the_home_is_enough_to_be_known(town: Town) -> None:
    town.user("U77", "anna@exempel.se")
    event = {
        "type": "app_home_opened",
        "user": "U77",
        "channel": "D7",
        "tab": "home",
        "event_ts": "1795339960.1",
    }
    town.driver.event(event)
    assert town.ear.heard[-1].kind is IncomingKind.HOME
    assert town.linked() == "anna@exempel.se"
    wait_for(lambda: [line for line in town.fake.seen() if line["method"] == "views.publish"])
