"""One of each kind of reply, as the bot words them for made-up people: what docs/platforms/replies shows."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.platforms import (
    matrix_render,
    slack_blocks,
    slack_forms,
    slack_sending,
    teams_cards,
    telegram_render,
)
from handlers.message import IncomingKind, Message
from tests.fakes.process import ROOT
from tests.support.databases import database
from tests.support.world import World

FOLDER = ROOT / "docs" / "platforms" / "replies"
HINT = "Svara med en siffra."

BUILDER = "https://app.slack.com/block-kit-builder/#"
HEAD = """\
# What people see

One of each kind of reply, made by the bot for made-up people, and what is sent of it to [Slack](slack.json)
(Block Kit), [Teams](teams.json) (Adaptive Cards), [Telegram](telegram.json) and [Matrix](matrix.json).
`python -m tests.support.gallery` makes it; `tests/contract/test_rendered_replies.py` holds it against the bot
and against what each platform takes. Below each stands how it is drawn in Microsoft's own test client of
Teams and on the web page (`make picture-replies`); pictures and files that go along are posts of their own in
Teams. Whole conversations: [Teams](../../images/teams.png), [Matrix](../../images/matrix.png),
[the web page](../../images/conversation.png).
"""
CLIENTS = {"teams": "in Teams", "web": "on the page"}
"""Where each is photographed (tests/acceptance/rendered.py)."""

Shape = Any
"""JSON."""


def replies() -> dict[str, Message]:
    """What people see, by kind; the same messages at every call."""
    with tempfile.TemporaryDirectory() as folder, database("sqlite", Path(folder)) as engine:
        world = World(engine)
        receipt = world.say("anna", "handledning idag 1h etik")
        confirm = world.to("eva", "confirm")[-1].message
        found = {
            "receipt": receipt,
            "confirmation": confirm,
            "undone": world.press("anna", "Ångra"),
            "question": world.say("bo", "igår 1h"),
            "status": world.say("anna", "status"),
            "help": world.say("anna", "hjälp"),
            "refused": world.say("anna", "handledning med patient 19121212-1212"),
            "home": _home(world),
        }
        world.say("anna", "boka handledning imorgon 13-14")
        world.pass_to("2026-11-30T12:00")
        found |= {
            "reminder": world.to("bo", "nudge")[-1].message,
            "did-it-happen": world.to("anna", "booking")[-1].message,
            "digest": world.to("siv", "digest")[-1].message,
        }
    return found


def _home(world: World) -> Message:
    return world.take(world.incoming("siv", kind=IncomingKind.HOME, inline=True)).message


def on_slack(name: str, message: Message) -> Shape:
    """The view of a home, else the arguments of chat.postMessage; a form is shown before them."""
    if name == "home":
        pictures = [("F00000001", file.shows) for file in message.files]
        return {"type": "home", "blocks": slack_blocks.home(message, pictures)}
    body: Shape = slack_sending.body_of(message)
    return body | ({"modal": slack_forms.modal(message.form, "")} if message.form else {})


def on_teams(name: str, message: Message) -> Shape:
    """The activities of its words, in order."""
    worded = [part for part in teams_cards.parts(message) if not part.file]
    return [teams_cards.activity(part, name).model_dump(by_alias=True, exclude_none=True) for part in worded]


def on_telegram(_name: str, message: Message) -> Shape:
    """The arguments of its sendMessage calls, in order."""
    worded = [part for part in telegram_render.parts(message) if not part.file]
    return [_post(part) for part in worded]


def _post(part: telegram_render.Part) -> Shape:
    keyboard = telegram_render.keyboard(part.buttons)
    return {"text": part.text} | ({"reply_markup": keyboard.to_dict()} if keyboard else {})


def on_matrix(_name: str, message: Message) -> Shape:
    """The contents of its m.room.message events, in order."""
    worded = [part for part in matrix_render.parts(message, HINT) if not part.file]
    return [matrix_render.text_content(part, None) for part in worded]


PLATFORMS: Mapping[str, Callable[[str, Message], Shape]] = {
    "slack": on_slack,
    "teams": on_teams,
    "telegram": on_telegram,
    "matrix": on_matrix,
}


def drawn() -> dict[str, str]:
    """The files of docs/platforms/replies by name."""
    shown = replies()
    found = {f"{platform}.json": _written(platform, shown) for platform in PLATFORMS}
    return {"README.md": _page(shown)} | found


def _page(shown: Mapping[str, Message]) -> str:
    return HEAD + "".join(_section(name, message) for name, message in shown.items())


def _section(name: str, message: Message) -> str:
    buttons = " ".join(f"[ {button.label} ]" for button in message.buttons)
    files = " ".join(f"({file.name})" for file in message.files)
    said = "\n".join(part for part in (message.plain(), buttons, files) if part)
    link = f"[In Slack's own Block Kit Builder]({_builder(name, message)})"
    drawn = " | ".join(f"![{name}, {where}](images/{client}-{name}.png)" for client, where in CLIENTS.items())
    table = f"| {' | '.join(CLIENTS.values())} |\n|---|---|\n| {drawn} |"
    return f"\n## {name}\n\n{link}\n\n```text\n{said}\n```\n\n{table}\n"


def _builder(name: str, message: Message) -> str:
    """Slack's page that draws what stands after the #; a file of ours it would not find."""
    blocks = [block for block in on_slack(name, message)["blocks"] if block["type"] != "image"]
    view = ({"type": "home"} if name == "home" else {}) | {"blocks": blocks}
    return BUILDER + quote(json.dumps(view, ensure_ascii=False, separators=(",", ":")), safe="")


def _written(platform: str, shown: Mapping[str, Message]) -> str:
    each = {name: PLATFORMS[platform](name, message) for name, message in shown.items()}
    return json.dumps(each, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in drawn().items():
        (FOLDER / name).write_text(content, "utf-8")
