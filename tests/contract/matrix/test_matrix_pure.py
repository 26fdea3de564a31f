"""The pure half: what an event says, whatever it holds, and how a message is laid out."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms import matrix_render as render
from bot.platforms.matrix_incoming import LONGEST_ID, MalformedError, Place, read, reference, unnamed
from bot.platforms.matrix_rooms import Trust, Verdict, asked_in, room_of, verdict
from bot.platforms.matrix_wire import RefusedError, UnclearError, mend, send_error
from handlers.message import Button, File, Incoming, Message

ME = "@handledd:exempel.se"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROOM = "!rum:exempel.se"
ALONE = Place(ROOM, ME, "Handledd Bot", NOW, private=True)
GROUP = Place(ROOM, ME, "Handledd Bot", NOW, private=False)
EVENT = {
    "type": "m.room.message",
    "event_id": "$en",
    "sender": "@anna:exempel.se",
    "origin_server_ts": int(NOW.timestamp() * 1000) - 60_000,
    "content": {"msgtype": "m.text", "body": "hej"},
}

# --- reading


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("handledning idag", None),
        ("!handledning idag", "/handledning idag"),
        ("!åter 12/1", "/åter 12/1"),
        ("!!", None),
        ("! hej", None),
        ("handledd: idag", "idag"),
        ("@handledd, idag", "idag"),
        ("Handledd Bot: idag", "idag"),
        ("handledd idag", None),
        ("handleddare: idag", None),
        ("idag @handledd:exempel.se 1h", "idag 1h"),
        ("idag @handledd:exempel.se.elak.se 1h", None),
    ],
)
def test_in_a_group_only_what_is_addressed_to_us_is_ours(said: str, ours: str | None) -> None:
    event = EVENT | {"content": {"msgtype": "m.text", "body": said}}
    found = read(event, GROUP)
    assert (found.text if isinstance(found, Incoming) else None) == ours


def test_a_name_of_many_signs_is_only_a_name() -> None:
    place = Place(ROOM, "@a.b+c:exempel.se", "(*", NOW, private=False)
    assert unnamed("a.b+c: idag", place) == "idag"
    assert unnamed("(*: idag", place) == "idag"
    assert unnamed("axb+c: idag", place) == "axb+c: idag"


@pytest.mark.parametrize("sign", [">", "> ", " ", "\t", "@handledd"])
@pytest.mark.timeout(60)
def test_a_line_of_one_sign_is_read_in_no_time(sign: str) -> None:
    """Where each sign was the beginning of a search to the end, this took minutes."""
    answer = {"m.in_reply_to": {"event_id": "$en"}}
    body = f"a{sign * 500_000}b"
    for said in (body, body[1:]):
        content = {"msgtype": "m.text", "body": said, "m.relates_to": answer}
        found = read(EVENT | {"content": content}, GROUP)
        assert found is None


def test_nothing_was_said_later_than_now() -> None:
    late = EVENT | {"origin_server_ts": int(NOW.timestamp() * 1000) + 86_400_000}
    found = read(late, ALONE)
    assert isinstance(found, Incoming)
    assert found.at == NOW


@pytest.mark.parametrize(
    "broken",
    [
        {"event_id": "$" + "a" * LONGEST_ID},
        {"event_id": "$a b"},
        {"event_id": ""},
        {"event_id": None},
        {"sender": "anna"},
        {"sender": "@anna"},
        {"sender": "@" + "a" * LONGEST_ID + ":x.se"},
        {"origin_server_ts": "igår"},
        {"origin_server_ts": 10**30},
        {"origin_server_ts": -(10**30)},
        {"content": "hej"},
        {"content": None},
    ],
)
def test_an_event_that_no_row_could_keep_is_malformed(broken: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        read(EVENT | broken, ALONE)


def test_the_longest_reference_fits_in_a_row() -> None:
    room = "!" + "r" * 100
    longest = "$" + "e" * (LONGEST_ID - len(room) - 2)
    assert len(reference(room, longest)) == LONGEST_ID
    with pytest.raises(MalformedError):
        reference(room, longest + "e")


KEYS = ["body", "msgtype", "filename", "m.mentions", "user_ids", "redacts", "content", "membership"]
KEYS += ["m.relates_to", "rel_type", "event_id", "key", "m.new_content", "m.in_reply_to"]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["m.replace", "1️⃣"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


@given(
    kind=st.sampled_from(["m.room.message", "m.reaction", "m.room.redaction", "m.room.encrypted", "x"]),
    content=JUNK,
    unsigned=JUNK,
    text=st.sampled_from(["m.text", "m.image", "m.notice"]),
    place=st.sampled_from([ALONE, GROUP]),
)
def test_no_content_however_odd_is_more_than_malformed(
    kind: str, content: Any, unsigned: Any, text: str, place: Place
) -> None:
    inner = {"msgtype": text, **content} if isinstance(content, dict) else content
    event = EVENT | {"type": kind, "content": inner, "unsigned": unsigned}
    with contextlib.suppress(MalformedError):
        read(event, place)
    render.choices(event, "@anna:exempel.se")
    render.edited(event)
    room_of([event, content])
    verdict([event, content], ME, Trust(frozenset(["exempel.se"])))
    asked_in(event)


# --- invitations


def invitation(
    is_direct: object = True, *, encrypted: bool = False, sender: object = "@anna:exempel.se"
) -> Any:
    secret = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    content = {"membership": "invite", "is_direct": is_direct}
    mine = {"type": "m.room.member", "state_key": ME, "sender": sender, "content": content}
    return [*([secret] if encrypted else []), mine]


@pytest.mark.parametrize(
    ("state", "decision"),
    [
        (invitation(), Verdict.ACCEPT),
        (invitation(encrypted=True), Verdict.ELSEWHERE),
        (invitation(is_direct=False), Verdict.LOOK),
        (invitation(is_direct="true"), Verdict.LOOK),
        (invitation(is_direct=None), Verdict.LOOK),
        (invitation(sender="@anna:annan.se"), Verdict.IGNORE),
        (invitation(sender=3), Verdict.IGNORE),
        ([], Verdict.IGNORE),
        ([3, None, {}], Verdict.IGNORE),
    ],
)
def test_which_invitations_are_accepted(state: Any, decision: Verdict) -> None:
    assert verdict(state, ME, Trust(frozenset(["exempel.se"])))[0] is decision


# --- rendering


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *[(render.keycap(number), number) for number in range(1, 13)],
        ("1\u20e3", 1),
        ("3", 3),
        (" 12) ", 12),
        ("0", None),
        ("0️⃣", None),
        ("1h", None),
        ("1,5", None),
        ("123", None),
        ("-1", None),
        ("１", None),
        ("👍", None),
        ("", None),
    ],
)
def test_which_number_somebody_means(written: str, number: int | None) -> None:
    assert render.number_in(written) == number


def test_a_choice_that_is_shown_is_the_one_that_is_pressed() -> None:
    buttons = [Button(f"Val {number}", f"pick:1:{number}") for number in range(1, 13)]
    (part,) = render.parts(Message("Vilken?", buttons=buttons), "Svara.")
    event = {"sender": ME, "content": render.text_content(part, None)}
    for line in part.text.splitlines()[2:-1]:
        sign, _, label = line.partition(" ")
        number = render.number_in(sign)
        assert number
        assert render.choices(event, ME)[number - 1] == f"pick:1:{label.removeprefix('Val ')}"
    assert render.choices(event, "@anna:exempel.se") == ()


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.integers(1, 12))
def test_pieces_fit_and_lose_only_line_ends_and_spaces(text: str, limit: int) -> None:
    pieces = render.split(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_text_of_the_limit_is_one_piece_and_one_more_character_is_two() -> None:
    assert [len(render.split("a" * length)) for length in (6000, 6001)] == [1, 2]


def test_a_text_is_cut_at_a_line_end_before_a_space() -> None:
    assert render.split("en rad\ntvå rader", 12) == ["en rad", "två rader"]
    assert render.split("två ord till", 8) == ["två ord", "till"]


@given(st.text(max_size=50))
def test_what_is_cleaned_can_be_sent_and_links_to_nobody(text: str) -> None:
    sent = render.clean(f"@a:b.se {text}")
    sent.encode("utf-8")
    assert "\x00" not in sent
    assert not sent.startswith("@a:")


def test_half_characters_become_question_marks() -> None:
    assert render.clean("a\ud800b\x07\x1b[1m\tc") == "a\ufffdb[1m\tc"


def test_a_label_of_several_lines_stays_on_its_own() -> None:
    (part,) = render.parts(Message("x", buttons=[Button("a\n2️⃣ b", "pick:1")]), "Svara.")
    assert part.text.splitlines()[2:] == ["1️⃣ a 2️⃣ b", "Svara."]


def test_what_is_no_png_has_no_measure() -> None:
    for content in (b"", b"\x89PNG\r\n\x1a\n", b"GIF89a" + b"0" * 40):
        assert "w" not in render.file_content(File("b.png", content, "image/png"), "mxc://x/y", None)["info"]


# --- faults


@pytest.mark.parametrize(
    ("fault", "away", "perhaps"),
    [
        (httpx.ConnectError("x"), True, False),
        (UnclearError(502), True, True),
        (UnclearError(503), True, True),
        (UnclearError(504), True, True),
        (RefusedError(429, "M_LIMIT_EXCEEDED"), True, False),
        (UnclearError(500), False, True),
        (httpx.ReadTimeout("x"), False, True),
        (RefusedError(413, "M_TOO_LARGE"), False, False),
        (RefusedError(403, "M_FORBIDDEN"), False, False),
        *((RefusedError(status, ""), True, False) for status in (403, 404, 407, 451)),
        (UnclearError(302), True, True),
        (UnclearError(511), True, True),
        (RefusedError(405, ""), False, False),
    ],
)
def test_a_homeserver_that_is_away_is_no_messages_fault(fault: Exception, away: bool, perhaps: bool) -> None:
    error = send_error(fault, posting=True)
    assert (error.away, error.perhaps) == (away, perhaps)
    assert not send_error(fault).perhaps  # a question on the way to the message shows nothing
    assert send_error(fault, posting=True, begun=True).perhaps  # and what was shown of it stays shown


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (RefusedError(401, "M_UNKNOWN_TOKEN"), "HANDLEDD_MATRIX_ACCESS_TOKEN"),
        (RefusedError(403, "M_USER_DEACTIVATED"), "HANDLEDD_MATRIX_ACCESS_TOKEN"),
        (UnclearError(502), "the bot tries again"),
        (httpx.ConnectError("x"), "HANDLEDD_MATRIX_HOMESERVER"),
    ],
)
def test_of_a_homeserver_that_is_away_it_is_told_what_to_do(error: Exception, named: str) -> None:
    assert named in mend(error)
