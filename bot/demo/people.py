"""The made-up roster: three units under different rulebooks. Nobody here exists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.roster.checking import RosterRow
from storage.tables import RoleName

EKBACKEN, HAVSVINDEN, GRANLUND = (
    "Vårdcentralen Ekbacken",
    "Vårdcentralen Havsvinden",
    "Kirurgkliniken Granlund",
)
RULEBOOKS = {
    EKBACKEN: "ostergotland-allmanmedicin",
    HAVSVINDEN: "skane-primarvard",
    GRANLUND: "skane-sjukhus",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up trainee: months since the start, how long it lasts, and how things have gone.

    `habit` is the share of weeks with supervision; `silent` the weeks without any up to now; `away` the
    weeks of parental leave that began lately (0: none).
    """

    name: str
    unit: str
    supervisor: str
    months: int
    habit: float = 0.93
    silent: int = 0
    away: int = 0


TRAINEES = (
    Made("Anna Berg", EKBACKEN, "Eva Ek", 26),
    Made("Bilal Noor", EKBACKEN, "Eva Ek", 24, habit=0.85, silent=3),
    Made("Cecilia Strand", EKBACKEN, "Lars Lind", 31),
    Made("David Åkerö", EKBACKEN, "Lars Lind", 8, habit=0.85),
    Made("Elsa Myr", EKBACKEN, "Maria Sund", 40, away=6),
    Made("Farid Ros", HAVSVINDEN, "Nils Vik", 25),
    Made("Greta Holm", HAVSVINDEN, "Nils Vik", 13, habit=0.9, silent=1),
    Made("Hugo Dal", HAVSVINDEN, "Olga Tall", 36),
    Made("Ines Lövö", HAVSVINDEN, "Olga Tall", 1),
    Made("Johan Ås", GRANLUND, "Petra Alm", 28, habit=0.25),
    Made("Karin Sjö", GRANLUND, "Petra Alm", 44, habit=0.22),
    Made("Leo Fors", GRANLUND, "Rut Bäck", 14, habit=0.24, silent=9),
)
LEADERS = (
    ("Siv Rektorsson", RoleName.STUDIEREKTOR, (EKBACKEN, HAVSVINDEN)),
    ("Tage Studberg", RoleName.STUDIEREKTOR, (GRANLUND,)),
    ("Ulla Chefsäter", RoleName.HEAD, (EKBACKEN,)),
)


def email(name: str) -> str:
    """A made-up address at a reserved example domain."""
    plain = name.casefold().translate(str.maketrans("åäöé", "aaoe")).replace(" ", ".")
    return f"{plain}@exempel.se"


def start_of(made: Made, today: dt.date) -> dt.date:
    """The Monday about so many months ago."""
    day = today - dt.timedelta(days=round(made.months * 30.4))
    return day - dt.timedelta(days=day.weekday())


def roster(today: dt.date) -> list[RosterRow]:
    """Every made-up person as a checked roster row."""
    return [*_trainees(today), *_supervisors(), *_leaders()]


def _trainees(today: dt.date) -> Iterator[RosterRow]:
    for made in TRAINEES:
        start = start_of(made, today)
        end = start + dt.timedelta(days=round(5 * 365.25))
        yield _row(
            made.name,
            RoleName.TRAINEE,
            (made.unit,),
            rulebook=RULEBOOKS[made.unit],
            supervisor=email(made.supervisor),
            start=start,
            end=end,
        )


def _supervisors() -> Iterator[RosterRow]:
    for name, unit in dict.fromkeys((made.supervisor, made.unit) for made in TRAINEES):
        yield _row(name, RoleName.SUPERVISOR, (unit,))


def _leaders() -> Iterator[RosterRow]:
    for name, role, units in LEADERS:
        yield _row(name, role, units)


def _row(
    name: str,
    role: RoleName,
    units: tuple[str, ...],
    *,
    rulebook: str | None = None,
    supervisor: str | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
) -> RosterRow:
    return RosterRow(
        line=0,
        email=email(name),
        name=name,
        role=role,
        units=units,
        rulebook=rulebook,
        supervisor=supervisor,
        start=start,
        end=end,
        employed=start,
        kind="ST",
        locale="sv",
        platform="web",
        workspace="",
        platform_id=email(name),
    )
