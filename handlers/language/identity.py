"""Finds personal identity numbers, however they are written. Safe first: what may be one is taken for one.

Found are personnummer and samordningsnummer of 10 or 12 digits, and the regions' reserve numbers: Stockholm's
(twelve digits, 99 and the birth year first), Västra Götaland's (birth date, K M or X, then the serial),
Värmland's (birth date, two letters, then the serial) and the national form (day of birth raised into 32-59).
A birth date with a hidden serial (`800101-xxxx`) is still personal. Dates, telephone numbers and spans pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from personnummer import personnummer

_RUN = re.compile(r"\d+")
_LONGEST_GAP = 6
_RESERVE = re.compile(
    r"(?<![0-9a-z])((?:1[89]|20)?\d{6})(?:[ ]?[-+./][ ]?|[ ])?"
    r"([kmx]\d{2}[0-9a-z]|[a-z]\d{3}|[a-z]{2}\d[0-9a-z])(?![0-9a-z])",
    re.IGNORECASE,
)
_MASKED = re.compile(
    r"(?<!\d)(?:1[89]|20)?\d\d([-./ ]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[1-8]\d|9[01])"
    r"(?: ?[-+./_:] ?(?:(?=\d{0,3}[x*#?•_])[\dx*#?•_]{3,4}|([a-z])\2{3})| ?(?=\d{0,3}[x*#])[\dx*#]{4})"
    r"(?![^\W_])",
    re.IGNORECASE,
)
"""`800101-xxxx`, `19800101-12**`: the date of birth stands there, whatever hides the rest."""
_LETTERED = re.compile(r"(?<!\w)(?=\d*[OolI])(?=[OolI]*\d)[\dOolI]+(?!\w)")
_AS_DIGITS = str.maketrans("OolI", "0011")
_NO_SERIAL = re.compile(r"(?:kl|st|ca|om|v|w|h)\d", re.IGNORECASE)
_MAY_HOLD_A_BIRTH = re.compile(r"(?:\D*+\d){6}")  # digits: with fewer there is no date of birth
_OF_A_NUMBER = 10  # digits: with fewer there is no whole number
_LAST_MINUTE = 59
_LAST_YEAR = 2040  # later ones are years of birth: `56 04 12 1238`
_MOST_RUNS = 150  # numbers in a line: a wall of them is refused unread, whatever it holds
_LOOKED_AT = 20_000  # characters; a longer text is refused for its length anyway


@dataclass(frozen=True, slots=True)
class _Window:
    """Neighbouring runs of digits, 10 or 12 digits together, and what stands between them."""

    runs: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def digits(self) -> str:
        return "".join(self.runs)

    @property
    def lengths(self) -> tuple[int, ...]:
        return tuple(len(run) for run in self.runs)


def holds_identity_number(text: str) -> bool:
    """Whether a clean text (see normalise.clean) holds what is or may be a personal identity number."""
    looked_at = text[:_LOOKED_AT]
    if not _MAY_HOLD_A_BIRTH.match(looked_at):
        return False
    looked_at = _LETTERED.sub(lambda match: match[0].translate(_AS_DIGITS), looked_at)  # `8OO1O1-1239`
    runs = _RUN.findall(looked_at)
    digits = sum(map(len, runs))
    if _holds_reserve_number(looked_at) or _MASKED.search(looked_at) or len(runs) > _MOST_RUNS:
        return True
    return digits >= _OF_A_NUMBER and any(_is_identity(window) for window in _windows(looked_at))


def _holds_reserve_number(text: str) -> bool:
    for match in _RESERVE.finditer(text):
        tight = match.end(1) == match.start(2) or text[match.end(1)] != " "
        named = match[2].isupper() and not _NO_SERIAL.match(match[2])
        if _birth(match[1]) and ((tight and not _NO_SERIAL.match(match[2])) or named):
            return True
    return False


def _windows(text: str) -> Iterator[_Window]:
    for chain, gaps in _chains(text):
        for first in range(len(chain)):
            yield from _windows_from(chain, gaps, first)


def _chains(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Runs of digits with only a few marks or spaces between: the runs, and the gaps around them."""
    chain: list[str] = []
    gaps: list[str] = [" "]
    end = 0
    for match in _RUN.finditer(text):
        gap = text[end : match.start()]
        if chain and (len(gap) > _LONGEST_GAP or any(char.isalpha() for char in gap)):
            yield chain, [*gaps, " "]
            chain, gaps = [], [" "]
        elif chain:
            gaps.append(gap)
        chain.append(match[0])
        end = match.end()
    if chain:
        yield chain, [*gaps, " "]


def _windows_from(chain: list[str], gaps: list[str], first: int) -> Iterator[_Window]:
    total = 0
    for last in range(first, min(first + 12, len(chain))):
        total += len(chain[last])
        if total > 12:
            return
        alone = (_parts(gaps[first]) and _parts(gaps[last + 1])) or len(chain[first]) == 1 == len(chain[last])
        if alone and total in (10, 12) and _possible("".join(chain[first : last + 1])):
            yield _Window(tuple(chain[first : last + 1]), tuple(gaps[first + 1 : last + 1]))


def _possible(digits: str) -> bool:
    return digits.startswith("99") or _birth(digits[:-4])


def _parts(gap: str) -> bool:
    """Whether a gap parts two numbers rather than joining the pieces of one."""
    return any(char not in "-/.:" for char in gap)


def _birth(digits: str) -> bool:
    """Whether 6 or 8 digits may be a date of birth; samordningsnummer add 60 to the day, others less."""
    if len(digits) == 8 and not 1850 <= int(digits[:4]) <= 2099:
        return False
    return 1 <= int(digits[-4:-2]) <= 12 and 1 <= int(digits[-2:]) <= 91


def _is_identity(window: _Window) -> bool:
    digits = window.digits
    if _is_stockholm(window):
        return True
    if not _birth(digits[:-4]) or _holds_a_date(window):
        return False
    if window.lengths in _PHONES and digits.startswith("0"):
        return False
    return _checks(window) or _shaped(window)


def _holds_a_date(window: _Window) -> bool:
    """`10-11 12/11 2026`, `1h30 12.11.2026`, `b2 20261112`: what stands before the date is no part of it."""
    gaps, runs = window.gaps, window.runs
    if any(len(run) == 8 and _calendar(run[2:]) and _is_near(int(run[:4])) for run in runs[1:]):
        return True
    if window.lengths[-3:] != (2, 2, 4) or len(runs) != 4 or not _is_near(int(runs[-1])):
        return False
    dated = gaps[1] == "/" or (gaps[1] == gaps[2] and gaps[1] in (".", "-"))
    return gaps[0] != gaps[1] and dated and int(runs[2]) <= 12


# A telephone number as it is written: area code first, then groups; never 6 + 4 as in an identity number.
_PHONES = {
    (3, 3, 2, 2),
    (3, 7),
    (3, 3, 4),
    (3, 4, 3),
    (4, 2, 2, 2),
    (4, 3, 3),
    (4, 6),
    (3, 2, 2, 3),
    (3, 2, 3, 2),
    (2, 3, 3, 2),
}


def _is_stockholm(window: _Window) -> bool:
    digits = window.digits
    return (
        len(digits) == 12 and digits.startswith("99") and 1850 <= int(digits[2:6]) <= 2099 and _even(window)
    )


def _even(window: _Window) -> bool:
    """Whether the pieces belong together: whole, cut before the last four, or cut the same way throughout."""
    lengths = window.lengths
    return (
        len(lengths) == 1
        or (lengths[0] in (6, 8) and len(lengths) <= 3)
        or (lengths[-1] == 4 and len(lengths) <= 4)
        or len(set(window.gaps)) == 1
        or max(lengths) == 1
    )


def _checks(window: _Window) -> bool:
    """Date and check digit are right. A date with clock times may happen to be so: then the form decides."""
    if _date_and_clock(window) or not _luhn_and_date(window.digits):
        return False
    return _even(window) or (
        max(window.lengths) <= 2 and not any(":" in gap or "/" in gap for gap in window.gaps)
    )


def _luhn_and_date(digits: str) -> bool:
    day = int(digits[-6:-4])
    if 31 < day <= 60:  # the library knows no such day; the check digit is reckoned with the day as it stands
        return _luhn(digits[-10:])
    long = digits if len(digits) == 12 else "20" + digits  # 2000 is a leap year: 29 February passes
    return bool(personnummer.valid(long))


def _luhn(ten: str) -> bool:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(ten))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _date_and_clock(window: _Window) -> bool:
    """`2026-11-12 13-14`, `12/11 13.00-14`, `261112-261115`: a date and times, or two dates."""
    runs, gaps, lengths = window.runs, window.gaps, window.lengths
    if lengths == (6, 6) and "-" in gaps[0]:
        return _calendar(runs[0]) and _calendar(runs[1])
    if len(runs) < 3 or len(set(gaps)) == 1 or not _may_be_now(window) or _holds_a_year(window):
        return False
    if any("/" in gap or ":" in gap for gap in gaps) and (lengths[-1] != 4 or _is_clock(runs[-1])):
        return True
    return lengths[-2:] == (2, 2) and int(runs[-1]) < 60 and int(runs[-2]) < 25


def _holds_a_year(window: _Window) -> bool:
    """`85 03 12 - 12 31`, `19 85 03 12 - 12 31`: what is above 59 is no day, hour or minute."""
    year = window.runs[len(window.runs) - 5] if len(window.runs) in (5, 6) else "0"
    return set(window.lengths) == {2} and int(year) > _LAST_MINUTE and "-" in window.gaps[-2]


def _may_be_now(window: _Window) -> bool:
    """Whether the year may be that of something to log or book; true where it may be left out."""
    runs, lengths = window.runs, window.lengths
    if lengths[0] in (6, 8):
        return _is_recent(window.digits)
    if lengths[0] == 4:
        return _is_near(int(runs[0]))
    return lengths != (2, 2, 2, 4) or any(_is_near(2000 + int(runs[at])) for at in (0, 2))


def _calendar(digits: str) -> bool:
    return 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) <= 31


def _is_clock(four: str) -> bool:
    return int(four[:2]) < 24 and int(four[2:]) < 60


def _is_recent(digits: str) -> bool:
    """Whether the year may be that of something to log or book, so that the last four may be a clock time."""
    return _is_near(int(digits[:4]) if len(digits) == 12 else 2000 + int(digits[:2]))


def _is_near(year: int) -> bool:
    return 2020 <= year <= _LAST_YEAR


def _shaped(window: _Window) -> bool:
    """The form of an identity number, though the check digit is wrong: a slip in one is still personal."""
    lengths, gaps, digits = window.lengths, window.gaps, window.digits
    near = _may_be_now(window) if len(lengths) == 4 else _is_recent(digits)
    clock = near and _is_clock(digits[-4:]) and int(digits[-6:-4]) <= 31
    if len(lengths) == 1 or max(lengths) == 1:
        return not digits.startswith("0") and not clock and (len(digits) == 12 or int(digits[4:6]) <= 31)
    if lengths[-1] != 4 or len(lengths) not in (2, 4) or lengths[0] in (3, 5):
        return _in_pairs(window)
    dashed = gaps[-1].strip(" ") != "" and not set(gaps[-1]) & {"/", ":", ","}
    slashed = set("".join(gaps)) & {"/", ":"}
    return dashed or not (clock or (slashed and len(lengths) == 4 and _may_be_now(window)))


def _in_pairs(window: _Window) -> bool:
    """`80 01 01 12 39`, `800101 12 39`: no telephone number, and of no year in which anything is logged."""
    even = len(set(window.gaps)) == 1 and window.gaps[0] in (" ", "-", ".")
    paired = set(window.lengths) == {2} and (even or _holds_a_year(window))
    if not paired and window.lengths not in ((6, 2, 2), (8, 2, 2)):
        return False
    return not (window.digits.startswith("0") or _is_recent(window.digits))
