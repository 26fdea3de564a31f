"""The app package for Teams, against what the published schema asks of each field that is in it.

The requirements are written out here from manifest version 1.19: the schema itself is no part of the project.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from datetime import datetime
from typing import Any

import pytest

from bot.manifests.teams import manifest, package
from handlers.commands.table import COMMANDS
from handlers.language.reader import read

NOW = datetime.fromisoformat("2026-11-22T09:30")
CLIENT_ID = "11111111-2222-4333-8444-55555555555A"
GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
HTTPS = r"https://\S{1,2000}"


def text(most: int, pattern: str = r"(?s).+") -> dict[str, Any]:
    return {"text": most, "pattern": pattern}


URL = text(2048, HTTPS)
SCHEMA = r"https://developer\.microsoft\.com/json-schemas/teams/v1\.19/MicrosoftTeams\.schema\.json"
SCOPES = {"list": 4, "of": text(16, "personal|team|groupChat|copilot")}
COMMAND = {"title": text(32), "description": text(128)}
LISTS = {"list": 3, "of": {"scopes": SCOPES, "commands": {"list": 10, "of": COMMAND}}}
BOT = {
    "botId": text(36, GUID),
    "scopes": SCOPES,
    "isNotificationOnly": bool,
    "supportsFiles": bool,
    "commandLists": LISTS,
}
SHAPE: dict[str, Any] = {
    "$schema": text(200, SCHEMA),
    "manifestVersion": text(4, r"1\.19"),
    "version": text(256, r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"),
    "id": text(36, GUID),
    "localizationInfo": {"defaultLanguageTag": text(12, r"[a-z]{2}(-[a-z]{2})?")},
    "developer": {"name": text(32), "websiteUrl": URL, "privacyUrl": URL, "termsOfUseUrl": URL},
    "name": {"short": text(30), "full": text(100)},
    "description": {"short": text(80), "full": text(4000)},
    "icons": {"color": text(2048, r"color\.png"), "outline": text(2048, r"outline\.png")},
    "accentColor": text(7, "#[0-9A-Fa-f]{6}"),
    "defaultInstallScope": text(16, "personal|team|groupChat|meetings|copilot"),
    "bots": {"list": 1, "of": BOT},
    "permissions": {"list": 7, "of": text(30, "identity|messageTeamMembers")},
    "validDomains": {"list": 16, "of": text(2048)},
}
"""Every field that may be there and must be: an object's fields, `list` of at most so many, `text`."""


def faults(value: Any, shape: Any, where: str = "") -> list[str]:
    """Where a value is not of a shape."""
    match shape:
        case {"text": most, "pattern": pattern}:
            fits = isinstance(value, str) and len(value) <= most and re.fullmatch(pattern, value)
            return [] if fits else [where]
        case {"list": most, "of": inner}:
            if not isinstance(value, list) or len(value) > most:
                return [where]
            return [f for n, each in enumerate(value) for f in faults(each, inner, f"{where}[{n}]")]
        case dict():
            if not isinstance(value, dict) or value.keys() != shape.keys():
                return [where]
            return [fault for key in shape for fault in faults(value[key], shape[key], f"{where}.{key}")]
        case _:
            return [] if isinstance(value, shape) else [where]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    whole = package(CLIENT_ID, "https://st.exempel.se/handledd/", "Region Exempel")
    with zipfile.ZipFile(io.BytesIO(whole)) as read_again:
        assert read_again.testzip() is None
        return {name: read_again.read(name) for name in read_again.namelist()}


def test_the_zip_holds_the_manifest_and_two_icons_and_nothing_else(files: dict[str, bytes]) -> None:
    assert files.keys() == {"manifest.json", "color.png", "outline.png"}


def test_every_field_is_as_the_schema_has_it(files: dict[str, bytes]) -> None:
    assert faults(json.loads(files["manifest.json"]), SHAPE) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "not-a-guid"),
        ("version", "1.0"),
        ("accentColor", "green"),
        ("unknown", "x"),
        ("developer", {}),
        ("name", {"short": "x" * 31, "full": "x"}),
    ],
)
def test_what_the_schema_refuses_is_found(field: str, value: object) -> None:
    made = manifest(CLIENT_ID, "https://st.exempel.se", "Region Exempel") | {field: value}
    assert faults(made, SHAPE) != []
    assert faults(manifest(CLIENT_ID, "http://st.exempel.se", "x"), SHAPE) != []


def test_the_bot_is_the_registration(files: dict[str, bytes]) -> None:
    made = json.loads(files["manifest.json"])
    assert {made["id"], made["bots"][0]["botId"]} == {CLIENT_ID.lower()}


def test_the_menus_commands_are_the_tables_and_the_bot_reads_them(files: dict[str, bytes]) -> None:
    commands = json.loads(files["manifest.json"])["bots"][0]["commandLists"][0]["commands"]
    table = {row.slash: row for row in COMMANDS if row.slash}
    assert len(commands) == 10
    for command in commands:
        row = table[command["title"]]
        assert command["description"] == row.hint
        # Its words may be missing, and are asked for then: only a name that is known is asked about.
        assert read(command["title"], NOW).intent != "unknown"


def pixels(png: bytes) -> tuple[int, list[tuple[int, ...]]]:
    """A picture's side and its points, red, green, blue and how opaque."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, found, side = 8, b"", 0
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        data = png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + data)
        if kind == b"IHDR":
            side, high, depth, colours = struct.unpack(">IIBB", data[:10])
            assert (side, depth, colours) == (high, 8, 6)
        found += data if kind == b"IDAT" else b""
        at += 12 + size
    rows = zlib.decompress(found)
    step = 1 + 4 * side
    lines = [rows[start + 1 : start + step] for start in range(0, len(rows), step)]
    return side, [tuple(line[n : n + 4]) for line in lines for n in range(0, len(line), 4)]


def test_the_colour_icon_fills_its_square(files: dict[str, bytes]) -> None:
    side, points = pixels(files["color.png"])
    assert (side, len(points)) == (192, 192 * 192)
    assert {point[3] for point in points} == {255}
    assert len(set(points)) > 10
    assert points[0] == (0x0F, 0x61, 0x5A, 255)


def test_the_outline_icon_is_white_on_nothing(files: dict[str, bytes]) -> None:
    side, points = pixels(files["outline.png"])
    assert (side, len(points)) == (32, 32 * 32)
    assert {point[:3] for point in points} == {(255, 255, 255)}
    assert points[0][3] == 0
    assert 60 < sum(point[3] > 128 for point in points) < 300


def test_the_same_settings_give_the_same_zip() -> None:
    once, again = (package(CLIENT_ID, "https://st.exempel.se", "Region Exempel") for _ in range(2))
    assert once == again
