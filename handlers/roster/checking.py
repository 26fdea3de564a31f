"""Checking a roster: every fault is found before anything is written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.language.identity import holds_identity_number
from handlers.roster.leaves import ROLE as LEAVE
from handlers.roster.leaves import is_leave, leave_faults
from handlers.roster.reading import Fault, Line, RosterError, as_day
from handlers.words import LANGUAGES
from schedules.rules.rulebook import shipped
from storage.tables import RoleName

KINDS: Final = ("ST", "AT", "BT", "locum")
LONGEST: Final = 200
"""Characters of a cell of text."""
NOBODY: Final = "-"
"""In the place of a supervisor: the pair has ended and nobody follows yet. An empty cell changes nothing."""
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,24}")
_IDS: Final[Mapping[str, re.Pattern[str]]] = {
    "slack": re.compile(r"(?:[TE][A-Z0-9]{1,20}/)?[UW][A-Z0-9]{1,20}"),
    "telegram": re.compile(r"[1-9][0-9]{0,18}"),
    "teams": re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "matrix": re.compile(r"@[^:\s]{1,200}:[^\s]{1,200}"),
}
_ID_EXAMPLES: Final = {
    "slack": "U012AB3CD eller T012AB/U012AB3CD",
    "telegram": "123456789",
    "teams": "00000000-0000-0000-0000-000000000000",
    "matrix": "@anna:exempel.se",
}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person in one role, as the file says it; dates are local, e-mails lower case."""

    line: int
    email: str
    name: str
    role: RoleName
    units: tuple[str, ...]
    rulebook: str | None
    supervisor: str | None
    start: dt.date | None
    end: dt.date | None
    employed: dt.date | None
    kind: str
    locale: str
    platform: str | None
    workspace: str
    platform_id: str | None


def check(lines: Sequence[Line], known_supervisors: Callable[[str], bool]) -> list[RosterRow]:
    """The people of a faultless roster; its leaves are read by `leaves_of`. RosterError has every fault.

    `known_supervisors` says whether an e-mail that is not in the file is a supervisor already.
    """
    people = [line for line in lines if not is_leave(line)]
    faults = [Fault(line.number, line.fault) for line in lines if line.fault]
    faults += [fault for line in people for fault in _line_faults(line)]
    if not people:
        faults.append(Fault(2, "filen har inga rader under rubriken"))
    for line in filter(is_leave, lines):
        faults += [Fault(line.number, text) for text in _date_faults(line)]
    faults += [*leave_faults(lines), *_between_lines(people, known_supervisors)]
    if faults:
        raise RosterError(faults)
    return [_row(line) for line in people]


def _line_faults(line: Line) -> Iterator[Fault]:
    of_one = (_person_faults, _text_faults, _role_faults, _date_faults, _choice_faults, _platform_faults)
    for check_one in of_one:
        yield from (Fault(line.number, text) for text in check_one(line))


def _person_faults(line: Line) -> Iterator[str]:
    if not _EMAIL.fullmatch(line["email"]) and not holds_identity_number(line["email"]):
        yield f"email ska vara en e-postadress, inte {line['email'] or 'tom'}"
    if not line["name"]:
        yield "name saknas"


def _text_faults(line: Line) -> Iterator[str]:
    """What is kept as it is written. No number of a person is repeated, nor stored."""
    for column in ("email", "name", "unit"):
        if holds_identity_number(line[column]):
            yield f"{column} ser ut att innehålla ett personnummer: ta bort det, boten tar aldrig emot sådana"
        elif any(not part.isprintable() or len(part) > LONGEST for part in line[column].split("|")):
            yield f"{column} har ett dolt tecken eller fler än {LONGEST} tecken: skriv om cellen"


def _role_faults(line: Line) -> Iterator[str]:
    role = line["role"].casefold()
    if role not in set(RoleName):
        yield f"role ska vara {', '.join((*RoleName, LEAVE))}, inte {line['role'] or 'tom'}"
    if role in ("trainee", "studierektor", "head") and not line["unit"]:
        yield f"unit saknas för {role}"
    if role == "trainee" and "|" in line["unit"]:
        yield "en trainee har en unit, inte flera"
    if role == "trainee" and not line["start"]:
        yield "start saknas för trainee: skriv dagen då utbildningen började, ÅÅÅÅ-MM-DD"


def _date_faults(line: Line) -> Iterator[str]:
    for column in ("start", "end", "employed"):
        if line[column] and as_day(line[column]) is None:
            yield f"{column} ska vara ett datum ÅÅÅÅ-MM-DD, inte {line[column]}"
    start, end = as_day(line["start"]), as_day(line["end"])
    if start and end and end < start:
        yield f"end {end} är före start {start}"


def _choice_faults(line: Line) -> Iterator[str]:
    if line["kind"] and line["kind"] not in KINDS:
        yield f"kind ska vara {', '.join(KINDS)}, inte {line['kind']}"
    if line["locale"] and line["locale"] not in LANGUAGES:
        yield f"locale ska vara {', '.join(LANGUAGES)}, inte {line['locale']}"
    if line["rulebook"] and line["rulebook"] not in shipped():
        yield f"rulebook {line['rulebook']} finns inte; de som finns är {', '.join(shipped())}"
    if line["supervisor"] not in ("", NOBODY) and not _EMAIL.fullmatch(line["supervisor"]):
        yield f"supervisor ska vara en e-postadress, eller {NOBODY} för ingen, inte {line['supervisor']}"


def _platform_faults(line: Line) -> Iterator[str]:
    platform, account = line["platform"], line["platform_id"]
    if bool(platform) != bool(account):
        yield "platform och platform_id hör ihop: skriv båda eller ingen"
    elif platform and platform not in _IDS:
        yield f"platform ska vara {', '.join(_IDS)}, inte {platform}"
    elif platform and not _IDS[platform].fullmatch(account):
        yield f"platform_id för {platform} ser ut så här: {_ID_EXAMPLES[platform]}, inte {account}"


def _between_lines(lines: Sequence[Line], known_supervisors: Callable[[str], bool]) -> Iterator[Fault]:
    yield from _twice(lines)
    yield from _split_rulebooks(lines)
    yield from _shared_accounts(lines)
    yield from _two_names(lines)
    supervisors = {line["email"].casefold() for line in lines if line["role"].casefold() == "supervisor"}
    for line in lines:
        wanted = line["supervisor"].casefold()
        if (
            wanted
            and _EMAIL.fullmatch(wanted)
            and wanted not in supervisors
            and not known_supervisors(wanted)
        ):
            text = f"supervisor {line['supervisor']} finns inte: lägg till en rad med role supervisor"
            yield Fault(line.number, text)


def _twice(lines: Sequence[Line]) -> Iterator[Fault]:
    first: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line["email"].casefold(), line["role"].casefold())
        if line["email"] and key in first:
            text = f"{line['email']} står redan som {line['role']} på rad {first[key]}: ta bort den ena raden"
            several = (
                ""
                if line["role"].casefold() == "trainee"
                else "; flera enheter skrivs så här: Ekbacken|Granlund"
            )
            yield Fault(line.number, text + several)
        first.setdefault(key, line.number)


def _split_rulebooks(lines: Sequence[Line]) -> Iterator[Fault]:
    first: dict[str, Line] = {}
    for line in lines:
        if not (line["unit"] and line["rulebook"]) or "|" in line["unit"]:
            continue
        before = first.setdefault(line["unit"], line)
        if before["rulebook"] != line["rulebook"]:
            text = f"{line['unit']} har {before['rulebook']} på rad {before.number}: skriv samma på båda"
            yield Fault(line.number, text)


def _shared_accounts(lines: Sequence[Line]) -> Iterator[Fault]:
    first: dict[tuple[str, str], Line] = {}
    for line in lines:
        if not line["platform_id"]:
            continue
        before = first.setdefault((line["platform"], _account(line)), line)
        if before["email"].casefold() != line["email"].casefold():
            account = f"{line['platform']} {line['platform_id']}"
            text = (
                f"{account} hör redan till {before['email']} på rad {before.number}: ta bort det ur den ena"
            )
            yield Fault(line.number, text)


def _two_names(lines: Sequence[Line]) -> Iterator[Fault]:
    first: dict[str, Line] = {}
    for line in lines:
        before = first.setdefault(line["email"].casefold(), line)
        if line["name"] and before["name"] and line["name"] != before["name"]:
            text = f"{line['email']} heter {before['name']} på rad {before.number}: skriv samma namn på båda"
            yield Fault(line.number, text)


def understood(platform: str, written: str) -> tuple[str, str] | None:
    """The workspace and id that a `platform_id` stands for; None when a roster cannot say it so."""
    if platform not in _IDS or not _IDS[platform].fullmatch(written):
        return None
    return _parts(platform, written)


def _parts(platform: str, written: str) -> tuple[str, str]:
    """The workspace ("" for the settings' own) and the id in the one form it is kept in."""
    workspace, _, account = written.rpartition("/") if platform == "slack" else ("", "", written)
    return workspace, account.lower() if platform == "teams" else account  # Entra's are alike in either case


def _account(line: Line) -> str:
    return "/".join(_parts(line["platform"], line["platform_id"]))


def _row(line: Line) -> RosterRow:
    workspace, account = _parts(line["platform"], line["platform_id"])
    return RosterRow(
        line=line.number,
        email=line["email"].casefold(),
        name=line["name"],
        role=RoleName(line["role"].casefold()),
        units=tuple(unit.strip() for unit in line["unit"].split("|") if unit.strip()),
        rulebook=line["rulebook"] or None,
        supervisor=line["supervisor"].casefold() or None,
        start=as_day(line["start"]),
        end=as_day(line["end"]),
        employed=as_day(line["employed"]),
        kind=line["kind"] or "ST",
        locale=line["locale"] or "sv",
        platform=line["platform"] or None,
        workspace=workspace,
        platform_id=account or None,
    )
