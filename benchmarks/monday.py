"""The texts of a Monday's reminders, against two queries and the same words said with nothing asked.

`python -m benchmarks.monday [bench|national]` prints the figures and writes them in docs/performance.md. Ours
is what the delivery does before each message: a session of its own, to which the person comes with the
claim, and of every reminder whether it still holds and may still be told to this person. What a digest
with its papers costs is measured by digest.py.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, select
from sqlmodel import Session

from benchmarks.drain import MOMENT
from benchmarks.front_door import ZONE, peopled
from benchmarks.paper import COMMANDS, peak_memory, write_down
from benchmarks.turns import Measured, in_turns
from handlers import describe
from handlers.desk import Worded
from handlers.outgoing import word
from handlers.words import Words
from schedules.lives.asked import nudge_subject
from schedules.rules.rulebook import shipped
from schedules.tick import tick
from storage.columns import columns
from storage.engine import reading
from storage.tables import Outbox, Person, Standing, Trainee
from tests.support import crowd

SIZES = {"bench": 1_000, "national": 15_000}
TURNS = 5
_O, _S, _T, _P = columns(Outbox), columns(Standing), columns(Trainee), columns(Person)


def main(which: str) -> int:
    """Measure, print, write down."""
    trainees = SIZES[which]
    with (
        tempfile.TemporaryDirectory() as folder,
        peopled(f"sqlite:///{Path(folder) / 'bot.sqlite'}", trainees, 5, "telegram") as engine,
    ):
        tick(engine, MOMENT)
        lines = told(trainees, *measure(engine))
    sys.stdout.write("\n".join(lines) + "\n")
    write_down(f"monday-{which}", COMMANDS[which], lines)
    return 0


def measure(engine: Engine) -> tuple[int, dict[str, Measured]]:
    """How many messages there are, and what all of them take in one go."""
    with reading(engine) as session:
        bundles = _bundles(session)

    def ours() -> None:
        if said(engine, bundles) != len(bundles):
            msg = "somebody was told nothing"
            raise AssertionError(msg)

    contest = {"the reminders' texts": ours, "two queries, the same words": lambda: bare(engine)}
    return len(bundles), in_turns(contest, TURNS)


def _bundles(session: Session) -> list[tuple[Person, list[Outbox]]]:
    """Everybody's reminders, as they travel together, and to whom, as they are claimed."""
    found: defaultdict[int, list[Outbox]] = defaultdict(list)
    people: dict[int, Person] = {}
    queued = select(Outbox, Person).join(Person, _P.id == _O.person_id).where(_O.kind == "nudge")
    for row, person in session.execute(queued.order_by(_O.id)):
        people[person.id] = person
        found[person.id].append(row)
    return [(people[key], rows) for key, rows in found.items()]


def said(engine: Engine, bundles: Sequence[tuple[Person, Sequence[Outbox]]]) -> int:
    """Word every message in a session of its own; how many there is something to say in."""
    count = 0
    for person, rows in bundles:
        with reading(engine) as session:
            session.add(person)
            count += isinstance(word(session, rows, MOMENT, ZONE), Worded)
    return count


def bare(engine: Engine) -> dict[int, str]:
    """The floor: what is queued and how it stands, two statements for all; then a line for each."""
    words, book = Words("sv", MOMENT.date()), shipped()[crowd.RULEBOOK].requirements
    with reading(engine) as session:
        queued = session.execute(select(_O.person_id, _O.subject, _O.step).where(_O.kind == "nudge")).all()
        standings = session.execute(
            select(_S.trainee_id, _S.requirement, _S.due_on, _P.name)
            .join(_T.id.table, _T.id == _S.trainee_id)
            .join(_P.id.table, _P.id == _T.person_id)
        ).all()
    known = {nudge_subject(row.trainee_id, row.requirement): row for row in standings}
    lines: defaultdict[int, list[str]] = defaultdict(list)
    for person, subject, step in queued:
        row = known[subject]
        title, day = describe.title(words, book[row.requirement]), words.dated(row.due_on)
        what = words.say("nudge.soon" if step == "soon" else "nudge.overdue", title=title, day=day)
        lines[person].append(words.say("nudge.line_named", what=what, name=row.name))
    many, foot = words.say("nudge.many"), words.say("nudge.foot")
    return {person: "\n".join([many, *told, foot]) for person, told in lines.items()}


def told(trainees: int, messages: int, measured: dict[str, Measured]) -> list[str]:
    """The figures for a person."""
    ours, floor = measured.values()
    each = f"{ours.cpu / messages * 1e3:.2f} ms a message; peak memory {peak_memory():.0f} MB"
    return [
        f"The texts of {messages:,} messages: all the reminders of {trainees:,} trainees, {TURNS} turns",
        *(
            f"  {name:30} {taken.median:8.2f} s   spread {taken.least / taken.median:.2f}–"
            f"{taken.most / taken.median:.2f}   CPU {taken.cpu:8.2f} s"
            for name, taken in measured.items()
        ),
        f"  {ours.cpu / floor.cpu:.1f} × the CPU of the two queries (goal 2); {each}",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "bench"))
