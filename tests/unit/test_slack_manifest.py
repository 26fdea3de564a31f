"""docs/slack-manifest.json is what the README has people paste: it must say what the bot does."""

from __future__ import annotations

import json
import re

from handlers.commands.table import COMMANDS
from tests.fakes.process import ROOT

MANIFEST = json.loads((ROOT / "docs" / "slack-manifest.json").read_text("utf-8"))
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


def test_the_manifest_lists_every_command_with_its_hint() -> None:
    listed = {each["command"]: each for each in MANIFEST["features"]["slash_commands"]}
    assert listed.keys() == {f"/{row.slash}" for row in COMMANDS if row.slash}
    for row in COMMANDS:
        if row.slash:
            description, _, usage = row.hint.partition(": ")
            command = listed[f"/{row.slash}"]
            assert (command["description"], command.get("usage_hint", "")) == (description, usage)


def test_the_commands_names_are_ones_that_slack_takes() -> None:
    names = [each["command"] for each in MANIFEST["features"]["slash_commands"]]
    assert len(names) <= 50
    assert all(re.fullmatch(r"/[a-z0-9_-]{1,31}", name) for name in names)
    assert not SLACKS_OWN.intersection(names)


def test_every_address_is_the_one_route() -> None:
    settings = MANIFEST["settings"]
    addresses = {each["url"] for each in MANIFEST["features"]["slash_commands"]}
    addresses |= {settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]}
    assert addresses == {"https://YOUR-ADDRESS/slack/events"}


def test_the_scopes_and_events_are_those_that_are_used() -> None:
    assert sorted(MANIFEST["oauth_config"]["scopes"]["bot"]) == [
        "app_mentions:read",
        "chat:write",
        "commands",
        "files:write",
        "im:history",
        "im:write",
    ]
    assert MANIFEST["settings"]["event_subscriptions"]["bot_events"] == ["app_mention", "message.im"]
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"] is True
    assert MANIFEST["features"]["app_home"]["messages_tab_read_only_enabled"] is False
