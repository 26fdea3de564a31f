"""The pure parts: reading, splitting, rows, and which updates are confirmed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import Conflict, InvalidToken, NetworkError

from bot.platforms.telegram_incoming import addressed, bare_command, clean
from bot.platforms.telegram_render import keyboard, literal, parts, split, units
from bot.platforms.telegram_window import FAILURES_A_ROUND, OVERTAKEN, TRIES, Window
from bot.platforms.telegram_wire import ServerFaultError, mend
from handlers.message import Button, File, Message


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (InvalidToken(), "HANDLEDD_TELEGRAM_TOKEN"),
        (Conflict("terminated by other getUpdates request"), "the other process"),
        (ServerFaultError(502), "the bot tries again"),
        (NetworkError("x"), "HANDLEDD_TELEGRAM_API_URL"),
    ],
)
def test_of_a_telegram_that_is_away_it_is_told_what_to_do(error: Exception, named: str) -> None:
    assert named in mend(error)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("vem tar jouren?", None),
        ("anna@handledd_bot.se", None),
        ("@handledd_bot2 hej", None),
        ("/handledning idag", "/handledning idag"),
        ("/bedömning@HANDLEDD_BOT idag", "/bedömning idag"),
        ("/start@annan_bot @handledd_bot", None),
        ("@handledd_bot", ""),
        ("idag @handledd_bot 1h", "idag 1h"),
        ("/etc/passwd är en fil", None),
    ],
)
def test_in_a_group_only_what_is_addressed_to_us_is_ours(text: str, ours: str | None) -> None:
    assert addressed(text, "handledd_bot") == ours


@pytest.mark.parametrize("sign", [" ", "\t", "@handledd"])
@pytest.mark.timeout(60)
def test_a_line_of_one_sign_is_read_in_no_time(sign: str) -> None:
    """Where each sign was the beginning of a search to the end, this took minutes."""
    assert addressed(f"a{sign * 500_000}b", "handledd_bot") is None


def test_a_bot_without_a_name_hears_no_mention() -> None:
    assert addressed("@ hej", "") is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/handledning@somebot idag", "/handledning idag"),
        ("/handledning@somebot", "/handledning"),
        ("bedömning med a@b", "bedömning med a@b"),
        ("/bedo\u0308mning", "/bedömning"),
    ],
)
def test_the_bots_name_is_taken_off_a_command(typed: str, read: str) -> None:
    assert bare_command(clean(typed)) == read


@given(st.text(st.characters(exclude_categories=()), max_size=300), st.integers(2, 40))
def test_parts_fit_and_lose_only_line_ends_and_spaces(text: str, limit: int) -> None:
    whole = literal(text)
    pieces = split(whole, limit)
    assert all(units(piece) <= limit and piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(whole.split())


def test_a_text_of_the_limit_is_one_part_and_one_more_unit_is_two() -> None:
    assert [len(split("x" * length)) for length in (4095, 4096, 4097)] == [1, 1, 2]
    assert [len(split("🩺" * length)) for length in (2048, 2049)] == [1, 2]


def test_short_buttons_share_a_row_and_a_long_one_has_its_own() -> None:
    labels = ["Stämmer", "Stämmer inte", "Påminn om en vecka", "Ja"]
    keys = keyboard([Button(label, "x") for label in labels])
    assert keys is not None
    rows = [[key.text for key in row] for row in keys.inline_keyboard]
    assert rows == [["Stämmer", "Stämmer inte"], ["Påminn om en vecka"], ["Ja"]]
    assert keyboard([]) is None


def test_buttons_go_under_the_last_file_when_there_is_no_text() -> None:
    files = [File("a.png", b"a", "image/png"), File("b.svg", b"b", "image/svg+xml")]
    posts = parts(Message("", files=files, buttons=[Button("Visa", "x")]))
    assert [bool(post.buttons) for post in posts] == [False, True]


def rounds(window: Window, ids: range, bad: set[int], number: int = 1) -> list[int]:
    """Play rounds as Telegram would hand them out; returns what was given up."""
    lost: list[int] = []
    for _ in range(number):
        window.open(one for one in ids if one >= (window.offset or 0))
        for one in ids:
            if one >= (window.offset or 0) and window.wants(one):
                (window.failed if one in bad else window.heard)(one)
        lost += window.close()
    return lost


def test_the_offset_stops_at_the_first_update_not_heard() -> None:
    window = Window()
    rounds(window, range(10, 15), {12})
    assert window.offset == 12
    assert not window.calm
    assert [window.wants(one) for one in range(12, 15)] == [True, False, False]
    rounds(window, range(10, 15), set())
    assert window.offset == 15
    assert window.calm


def test_nothing_is_given_up_in_an_outage_however_long() -> None:
    window = Window()
    assert rounds(window, range(10, 13), {10, 11, 12}, 500) == []
    assert window.offset == 10


def test_a_poison_update_alone_is_never_given_up() -> None:
    window = Window()
    rounds(window, range(10, 12), {10}, 500)
    assert window.offset == 10


def test_a_poison_update_is_given_up_after_enough_tries_in_which_others_were_heard() -> None:
    window = Window()
    assert [rounds(window, range(10, 11 + done), {10}) for done in range(1, TRIES + 1)].index(
        [10]
    ) == TRIES - 1
    few = Window()
    for done in range(1, OVERTAKEN):
        rounds(few, range(10, 11 + done), {10})
    assert rounds(few, range(10, 10 + OVERTAKEN), {10}, TRIES) == []
    assert rounds(few, range(10, 11 + OVERTAKEN), {10}) == [10]


def test_a_full_window_behind_a_poison_update_is_heard_and_then_moves() -> None:
    window = Window()
    assert rounds(window, range(100), {0}, TRIES) == [0]
    assert window.offset == 100


def test_several_failures_in_one_round_end_it() -> None:
    window = Window()
    window.open(range(20))
    for one in range(FAILURES_A_ROUND):
        assert window.wants(one)
        window.failed(one)
    assert not window.wants(FAILURES_A_ROUND)


def test_an_empty_answer_forgets_the_offset_because_telegram_may_number_afresh() -> None:
    window = Window()
    rounds(window, range(10, 12), set())
    window.open([])
    window.close()
    assert window.offset is None
    rounds(window, range(3, 5), set())
    assert window.offset == 5


def test_a_heard_update_that_comes_again_is_not_heard_again_in_the_window() -> None:
    window = Window()
    rounds(window, range(10, 13), {10})
    window.open(range(10, 13))
    assert [window.wants(one) for one in range(10, 13)] == [True, False, False]
