"""docs/slack-manifest.json is what the README has people paste: it must say what the bot does."""

from __future__ import annotations

import json
import re

import pytest

from bot.cli.main import main
from bot.manifests.slack import manifest
from handlers.commands.table import COMMANDS
from tests.fakes.process import ROOT

KEPT = (ROOT / "docs" / "slack-manifest.json").read_text("utf-8")
MANIFEST = manifest()
SLACKS_OWN = {
    "/call",
    "/dnd",
    "/invite",
    "/join",
    "/leave",
    "/me",
    "/msg",
    "/remind",
    "/search",
    "/status",
    "/who",
}
"""Commands that Slack keeps for itself: a manifest with one of them is refused."""


def test_the_kept_manifest_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """If this fails: handledd manifest slack > docs/slack-manifest.json"""
    assert main(["manifest", "slack"]) == 0
    assert capsys.readouterr().out == KEPT


def test_the_manifest_lists_every_command_with_its_hint() -> None:
    listed = {each["command"]: each for each in MANIFEST["features"]["slash_commands"]}
    assert listed.keys() == {f"/{row.slash}" for row in COMMANDS if row.slash}
    for row in COMMANDS:
        if row.slash:
            description, _, usage = row.hint.partition(": ")
            command = listed[f"/{row.slash}"]
            assert (command["description"], command.get("usage_hint", "")) == (description, usage)


def test_it_keeps_to_slacks_lengths() -> None:
    """Source: https://docs.slack.dev/reference/app-manifest"""
    commands = MANIFEST["features"]["slash_commands"]
    assert len(commands) <= 50
    assert all(re.fullmatch(r"/[a-z0-9_-]{1,31}", each["command"]) for each in commands)
    assert all(1 <= len(each["description"]) <= 2000 for each in commands)
    assert all(len(each.get("usage_hint", "")) <= 1000 for each in commands)
    assert not SLACKS_OWN.intersection(each["command"] for each in commands)
    assert len(MANIFEST["display_information"]["name"]) <= 35
    assert len(MANIFEST["display_information"]["description"]) <= 140


def _urls(node: object) -> list[str]:
    match node:
        case dict():
            found = [url for value in node.values() for url in _urls(value)]
            return found + [value for key, value in node.items() if key.endswith("url")]
        case list():
            return [url for value in node for url in _urls(value)]
    return []


def test_every_address_is_the_one_route() -> None:
    count = len(MANIFEST["features"]["slash_commands"]) + 2
    assert _urls(MANIFEST) == ["https://YOUR-ADDRESS/slack/events"] * count
    assert set(_urls(manifest("https://st.exempel.se/"))) == {"https://st.exempel.se/slack/events"}


def test_in_socket_mode_no_address_is_needed() -> None:
    found = manifest(socket=True)
    assert found["settings"]["socket_mode_enabled"] is True
    assert _urls(found) == []
    assert "redirect_urls" not in found["oauth_config"]
    assert MANIFEST["oauth_config"]["redirect_urls"] == ["https://YOUR-ADDRESS/slack/oauth"]
    assert MANIFEST["settings"]["socket_mode_enabled"] is False


@pytest.mark.parametrize(
    "address", ["http://st.exempel.se", "st.exempel.se", "https://st.exempel.se/slack", "https://"]
)
def test_an_address_that_slack_cannot_reach_is_an_error(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["manifest", "slack", "--address", address]) == 2
    assert "--address is https://" in capsys.readouterr().err


def test_the_scopes_and_events_are_those_that_are_used() -> None:
    found = json.loads(KEPT)
    assert found["oauth_config"]["scopes"]["bot"] == [
        "app_mentions:read",
        "chat:write",
        "commands",
        "files:write",
        "im:history",
        "im:write",
        "users:read",
        "users:read.email",
    ]
    events = ["app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked"]
    assert found["settings"]["event_subscriptions"]["bot_events"] == events
    assert found["features"]["app_home"]["home_tab_enabled"] is True
    assert found["features"]["app_home"]["messages_tab_enabled"] is True
    assert found["features"]["app_home"]["messages_tab_read_only_enabled"] is False
