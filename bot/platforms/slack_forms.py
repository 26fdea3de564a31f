"""Forms as Slack's modals, both ways. Pure: no network.

Source: https://docs.slack.dev/surfaces/modals and https://docs.slack.dev/reference/block-kit/block-elements
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.platforms.fields import Body, MalformedError, identifier, object_in, optional_in, text_in
from bot.platforms.slack_fields import workspace_in
from bot.platforms.slack_text import clean
from handlers.message import Form, Incoming, IncomingKind, Input, Sender

View = dict[str, Any]

CALLBACK = "handledd-form"
ACTION = "value"
MAX_TITLE = 24
MAX_OPTIONS = 100
MAX_OPTION = 75
MAX_VALUE = 3000

_PRESS = re.compile(r"[\x20-\x7e]{1,64}")


def modal(form: Form, reference: str) -> View:
    """The modal of a form; `reference` is the message that the answer is to take the place of, or ""."""
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": json.dumps({"press": form.press, "reference": reference}),
        "title": _plain(form.title, MAX_TITLE),
        "submit": _plain(form.submit, MAX_TITLE),
        "blocks": [_input(each) for each in form.inputs],
    }


def _input(each: Input) -> View:
    hint = {"hint": _plain(each.hint, 2000)} if each.hint else {}
    return {
        "type": "input",
        "block_id": each.name,
        "label": _plain(each.label, 2000),
        "element": _element(each) | {"action_id": ACTION},
        "optional": each.optional,
        **hint,
    }


def _element(each: Input) -> View:
    match each.kind:
        case "date":
            return {"type": "datepicker"} | ({"initial_date": each.value} if each.value else {})
        case "one" | "many":
            return _select(each)
    written = clean(each.value)[:MAX_VALUE]
    initial = {"initial_value": written} if written else {}
    return {"type": "plain_text_input", "multiline": each.kind == "long", "max_length": MAX_VALUE, **initial}


def _select(each: Input) -> View:
    options = [
        {"text": _plain(label, MAX_OPTION), "value": value} for label, value in each.options[:MAX_OPTIONS]
    ]
    chosen = [option for option in options if option["value"] in each.value.split(",")]
    if each.kind == "one":
        return {"type": "static_select", "options": options} | _first("initial_option", chosen[:1])
    several = {"initial_options": chosen} if chosen else {}
    return {"type": "multi_static_select", "options": options} | several


def _first(key: str, found: Sequence[View]) -> View:
    return {key: found[0]} if found else {}


def _plain(text: str, longest: int) -> View:
    whole = clean(text).strip() or "–"
    return {"type": "plain_text", "text": whole if len(whole) <= longest else whole[: longest - 1] + "…"}


def submission(body: Body, now: datetime) -> Incoming | None:
    """A modal that was sent; None for one that is not a form of ours. Raises MalformedError."""
    view, user = object_in(body, "view"), object_in(body, "user")
    if view.get("callback_id") != CALLBACK:
        return None
    kept = _kept(view)
    workspace = workspace_in(optional_in(body, "team"), "id") or workspace_in(user)
    state = object_in(object_in(view, "state"), "values")
    return Incoming(
        sender=Sender("slack", identifier(user, "id"), workspace, clean(text_in(user, "name"))),
        delivery_key=f"form:{identifier(body, 'trigger_id')}",
        at=now,
        kind=IncomingKind.FORM,
        press=kept["press"],
        message_ref=kept["reference"],
        values={name: _value(object_in(state, name)) for name in state},
    )


def _kept(view: Body) -> dict[str, str]:
    try:
        match json.loads(text_in(view, "private_metadata")):
            case {"press": str(press), "reference": str(reference)} if _PRESS.fullmatch(press):
                return {"press": press, "reference": reference}
    except (ValueError, RecursionError):
        pass
    raise MalformedError("no private_metadata")


def _value(block: Body) -> str:
    match block.get(ACTION):
        case {"selected_date": str(value)} | {"selected_option": {"value": str(value)}}:
            return value
        case {"selected_options": [*options]}:
            return ",".join(text_in(option, "value") for option in options if isinstance(option, dict))
        case {"value": str(value)}:
            return clean(value)
    return ""


def faults(errors: Body) -> View:
    """The answer that keeps the modal open and says at each input what is to be mended."""
    return {"response_action": "errors", "errors": {name: clean(str(told)) for name, told in errors.items()}}
