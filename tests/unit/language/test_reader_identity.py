"""Identity numbers in every disguise are refused; what only looks like one passes."""

from __future__ import annotations

import random
from datetime import datetime

import pytest

from handlers.language.identity import holds_identity_number
from handlers.language.lexicon.normalise import clean
from handlers.language.reader import read
from tests.reliability.sizes import size

NOW = datetime.fromisoformat("2026-11-22T09:30")

WIDE = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}


def _check_digit(nine: str) -> str:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(nine))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def _number(chance: random.Random) -> str:
    """Twelve digits of a made-up person; every third a samordningsnummer."""
    year, month, day = chance.randrange(1910, 2024), chance.randrange(1, 13), chance.randrange(1, 29)
    born = f"{year}{month:02}{day + chance.choice((0, 0, 60)):02}"
    serial = f"{chance.randrange(1, 1000):03}"
    return born + serial + _check_digit(born[2:] + serial)


def _disguised(number: str, chance: random.Random) -> str:
    born, last = number[:8], number[8:]
    short = chance.choice((born, born[2:]))
    return chance.choice(
        [
            f"{short}-{last}",
            f"{short}+{last}",
            f"{short} {last}",
            f"{short}–{last}",
            f"{short} - {last}",
            f"{short}.{last}",
            f"{born}{last}",
            f"{born[:4]}-{born[4:6]}-{born[6:]}-{last}",
            " ".join(short + last),
            f"{short}\u2011{last}",
            "\u200b".join(short + last),
            (short + "-" + last).translate(WIDE),
            f"{short}\u00ad-\u200d{last}",
            f"{born[:4]} {born[4:6]} {born[6:]} {last[:2]} {last[2:]}",
            f"{short}\u00a0{last}",
            f"{short}−{last}",
            f"{short}/{last}",
            f"{born[2:4]} {born[4:6]} {born[6:]} {last}",
            f"{short}_{last}",
            f"({short}){last}",
        ]
    )


@pytest.mark.parametrize("seed", range(20))
def test_disguised_numbers_are_refused(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(size(25, 500)):
        number = _disguised(_number(chance), chance)
        clock_like = " " in number and number.split(" ")[-1].isdecimal()  # see the test of doubtful forms
        line = chance.choice(("handledning idag 1h patient {}", "{}", "pnr:{}, 1h", "handledning {} idag"))
        assert holds_identity_number(clean(line.format(number))) or clock_like, number


@pytest.mark.parametrize(
    "number",
    [
        "991985123456",
        "19 85 03 12 - 12 31",
        "85 03 12 - 12 36",
        "56 04 12 1238",
        "99198512-3456",
        "19850709K12A",
        "850709-K123",
        "19850709-M123",
        "19850709X123",
        "19850709AB12",
        "19850709-AB12",
        "198507451234",
        "19850745-1234",
        "8507421249",  # the national form, ten digits in one: its check digit alone gives it away
        "850769-9801",
        "850709-9806",
        "19850709 9806",
        "1912 12 12 12 12",
        "1️⃣9️⃣1️⃣2️⃣1️⃣2️⃣1️⃣2️⃣1️⃣2️⃣1️⃣2️⃣",
        "12 12 12 12 12",
        "8505051234",
        "19850505 1234",
        "1 9 8 5 0 5 0 5 1 2 3 4",
        "850709-98 05",
        "850709-980 5",
        "**850709**-**9805**",
        "85O7O9-98O5",
        "19850709:9805",
        "850709/9806",
        "1985/07/09 9806",
        "85/07/09 9806",
        "85/07/09/98/05",
        "850709 98:05",
        "850709 98 06",
        "85 07 09 98 06",
        "121212 12:12",
        "800101-xxxx",
        "800101-XXXX",
        "800101-****",
        "19800101-xxxx",
        "19800101 - XXXX",
        "800101xxxx",
        "19800101****",
        "800101 ****",
        "800101+####",
        "800101-????",
        "800101-____",
        "800101-NNNN",
        "800101-12xx",
        "800101-1xxx",
        "800101-xxx",
        "80-01-01-xxxx",
        "1980-01-01-XXXX",
        "1980 01 01-xxxx",
        "800161-xxxx",
    ],
)
def test_reserve_numbers_slips_and_odd_forms_are_refused(number: str) -> None:
    command = read(f"handledning idag 1h patient {number}", NOW)
    assert (command.intent, command.reason) == ("refused", "personal_identity_number")
    assert command.note is None


def test_the_number_is_looked_for_before_the_length() -> None:
    assert read("x" * 2_500 + " 19121212-1212", NOW).reason == "personal_identity_number"
    assert read("x" * 2_500, NOW).reason == "too_long"


def _look_alike(chance: random.Random) -> str:
    year, month, day = chance.randrange(2024, 2028), chance.randrange(1, 13), chance.randrange(1, 29)
    iso, hour = f"{year}-{month:02}-{day:02}", chance.randrange(7, 18)
    span = chance.choice(
        (f"{hour:02}-{hour + 1:02}", f"{hour:02}:00-{hour + 1:02}:15", f"{hour:02}.30–{hour + 1:02}.15")
    )
    area, rest = chance.choice(("070", "072", "073", "076", "08")), f"{chance.randrange(10**7):07}"
    return chance.choice(
        [
            iso,
            iso.replace("-", ""),
            iso[2:].replace("-", ""),
            f"{iso} {span}",
            f"{iso.replace('-', '')} {span}",
            f"{iso}-{iso}",
            f"{iso} - {iso}",
            f"{iso.replace('-', '')}-{iso.replace('-', '')}",
            f"{day}/{month} {span}",
            f"{day}/{month} {year} {span}",
            f"{day}/{month}-{year % 100} {span}",
            f"{day}.{month}.{year} {span}",
            span,
            f"{span} {day:02}.{month:02}.{year}",
            f"1h30 {day:02}/{month:02} {year}",
            f"10 till 11 {day:02}/{month:02} {year}",
            f"{iso[2:].replace('-', '')}-{iso[2:].replace('-', '')}",
            f"{iso}, {span}",
            f"{iso} kl {hour}",
            f"v{month} {span}",
            f"{area}-{rest[:3]} {rest[3:5]} {rest[5:]}",
            f"{area}-{rest}",
            f"+46 {area[1:]} {rest[:3]} {rest[3:5]} {rest[5:]}",
            f"+46{area[1:]}{rest}",
            f"{area} {rest[:3]} {rest[3:5]} {rest[5:]}",
            f"{area} {rest}",
        ]
    )


@pytest.mark.parametrize("seed", range(20))
def test_dates_telephones_and_spans_pass(seed: int) -> None:
    chance = random.Random(1000 + seed)
    for _ in range(size(25, 500)):
        text = _look_alike(chance)
        assert not holds_identity_number(clean(f"handledning {text} etik")), text


def test_a_date_with_a_time_of_four_digits_passes_unless_the_check_digit_is_right() -> None:
    assert not holds_identity_number("20261112 1300")
    assert not holds_identity_number("2611121300")
    assert holds_identity_number("19121212 1212")
    assert not holds_identity_number("12.11.26 1300")
    assert not holds_identity_number("0701234567")


@pytest.mark.parametrize(
    "text",
    [
        "121212-131313",
        "20261112-20261114",
        "261112???",
        "261112 - ?",
        "**261112** etik",
        "261112-x",
        "mini-cex x 3 261112",
        "xxxx 261112",
        "261112-axxx",
        "991399-xxxx",
        "20261112 x4",
        "261112 - sjukdom",
    ],
)
def test_a_date_beside_marks_that_hide_nothing_passes(text: str) -> None:
    assert not holds_identity_number(clean(text))


def test_a_wall_of_numbers_is_refused_unread() -> None:
    few, wall = " ".join("7" * 150), " ".join("7" * 151)
    assert [holds_identity_number(text) for text in (few, wall)] == [False, True]
