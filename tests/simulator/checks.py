"""N1-N6 of docs/reliability.md, checked against what the platforms showed and what the file holds."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from bot.ledger import LEASE
from bot.sending import TRIES
from handlers.message import IncomingKind
from handlers.words import Words
from schedules.drift import drifts
from schedules.recompute import trainees_of_unit
from schedules.standings import refresh_many
from storage.engine import writing
from storage.tables import Outbox
from tests.simulator.platforms import Memory, Shown

if TYPE_CHECKING:
    from tests.simulator.history import History

SLACK = timedelta(seconds=60)
"""Beats come every 15 seconds, and a slow send may be in front."""
EVERY = timedelta(days=3)
"""How often everybody is recomputed: the dear look."""
TWICE = Words("sv").say("nudge.twice")
ONCE_AGAIN = 2


class BrokenError(AssertionError):
    """A promise was not kept."""


class Checks:
    """What must hold after each step of a history."""

    def __init__(self, history: History) -> None:
        self._of = history
        self._rows = history.home.rows
        self._version = -1
        self._looked = history.now()
        self._trouble = history.now()
        self._seen = 0
        self._digests: dict[str, datetime] = {}

    def after_a_step(self) -> None:
        """Cheap looks whenever anything was committed; the dear one every few days."""
        self._note_trouble()
        self._nothing_waits_too_long()
        version = self._of.home.version()
        if version == self._version and self._seen == len(self._of.shown()):
            return
        self._version, self._seen = version, len(self._of.shown())
        self._in()
        self._out()
        if self._of.now() - self._looked > EVERY and self._is_settled():
            self._looked = self._of.now()
            self._due()

    def finally_(self) -> None:
        """After a quiet day: everything has come to an end."""
        self._in()
        self._out()
        self._due()
        self._everything_was_received()
        self._everything_has_ended()
        self._extra_messages()
        self._undone_stays_undone()

    # --- N1: in

    def _in(self) -> None:
        taken = {key for (key,) in self._rows("SELECT delivery_key FROM inbox")}
        lost = [d.key for d in self._of.people.deeds if d.received and d.incoming.delivery_key not in taken]
        self._none(lost, "N1: received, and not there")
        self._none(
            self._rows("SELECT delivery_key FROM inbox GROUP BY platform, delivery_key HAVING count(*) > 1"),
            "N1: taken in twice",
        )
        self._none(
            self._rows(
                "SELECT i.id, i.outcome, count(e.id) FROM inbox i LEFT JOIN entry e ON e.inbox_id = i.id"
                " GROUP BY i.id, i.outcome HAVING (i.outcome IN ('logged', 'amended')) <> (count(e.id) = 1)"
            ),
            "N1: not exactly one effect",
        )
        self._none(
            self._rows(
                "SELECT note, count(*) FROM entry WHERE state = 'live' AND note IS NOT NULL"
                " GROUP BY note HAVING count(*) > 1"
            ),
            "N1: one line, two entries",
        )
        self._none(
            self._rows(
                "SELECT o.id FROM outbox o LEFT JOIN inbox i ON 'inbox:' || i.id = o.subject"
                " WHERE o.kind = 'reply' AND i.id IS NULL"
            ),
            "N1: an answer to nothing",
        )

    def _everything_was_received(self) -> None:
        self._none([d.key for d in self._of.people.deeds if not d.received], "N1: never received")
        self._none(self._of.home.problems(), "integrity_check")

    # --- N2: due

    def _due(self) -> None:
        """To recompute everybody anew, from the journal alone, finds nothing to change and nothing to say."""
        now = self._of.now()
        with writing(self._of.home.beside) as session:
            self._none(list(drifts(session, now)), "N2: drift")
            before = self._queued(session, now)
            refresh_many(session, trainees_of_unit(session, None), now, "time")
            session.flush()
            self._none(sorted(self._queued(session, now) - before), "N2: came due and was not queued")
            session.rollback()

    @staticmethod
    def _queued(session: Session, now: datetime) -> set[tuple[str, ...]]:
        """What has been queued and is to be said by now."""
        rows = session.exec(select(Outbox).where(col(Outbox.due_at) <= now)).all()
        return {(r.recipient, r.kind, r.subject, r.period, r.step) for r in rows}

    def _is_settled(self) -> bool:
        waiting = self._rows("SELECT id FROM standing WHERE look_at <= ? LIMIT 1", self._of.now())
        return not waiting and self._of.is_quiet() and all(not each.busy for each in self._of.replicas)

    def _note_trouble(self) -> None:
        """From when on both processes have been up and none was stopped. A slow network is no excuse."""
        now = self._of.now()
        # Nobody looks while both are dead: what waited for them may wait from their start on.
        self._trouble = max(self._trouble, *(r.born for r in self._of.replicas))
        if any(not r.alive or r.stopped_until > now for r in self._of.replicas):
            self._trouble = now

    def _nothing_waits_too_long(self) -> None:
        now = self._of.now()
        if now - self._trouble < LEASE + SLACK:
            return
        self._none(
            self._rows(
                "SELECT id, kind, next_at, lease_until FROM outbox WHERE state = 'pending' AND next_at < ?",
                now - LEASE - SLACK,
            ),
            "N2: waits too long",
        )

    def _everything_has_ended(self) -> None:
        waiting = self._rows(
            "SELECT id, kind, next_at FROM outbox WHERE state = 'pending' AND next_at < ?", self._of.now()
        )
        self._none(waiting, "N2: never ended")
        self._none(
            self._rows(
                "SELECT id, kind, state FROM outbox WHERE state NOT IN ('sent', 'pending') AND reason = ''"
            ),
            "N2: ended without a reason",
        )
        self._none(
            self._rows(f"SELECT id, kind, attempts FROM outbox WHERE attempts > {TRIES + 1}"),
            "N4: too many tries",
        )

    # --- N3: out

    def _out(self) -> None:
        self._none(
            self._rows(
                "SELECT sent_as FROM outbox WHERE state = 'pending' AND lease_until > ?"
                " GROUP BY sent_as HAVING count(DISTINCT lease_token) > 1",
                self._of.now(),
            ),
            "N3: one message, held twice",
        )
        times = Counter(row for shown in self._of.shown() for row in shown.rows)
        for number, kind, state, flagged in self._rows("SELECT id, kind, state, perhaps_sent FROM outbox"):
            seen = times[number]
            if seen > ONCE_AGAIN:
                raise BrokenError(f"N3: row {number} ({kind}) was shown {seen} times")
            if state == "sent" and (seen < 1 or (seen > 1 and not flagged)):
                raise BrokenError(
                    f"N3: row {number} ({kind}) is {state}, flagged {flagged}, and was shown {seen} times"
                )
            if seen > 1 and (kind == "nudge" or not flagged):
                raise BrokenError(f"N3: row {number} ({kind}, {state}) was shown {seen} times")
            if seen and state in ("failed", "expired", "skipped") and not flagged:
                raise BrokenError(f"N3: row {number} ({kind}) is {state} and was shown")
        self._none(
            [d for g in self._of.grounds.values() for d in g.impatient], "N4: tried before Retry-After"
        )

    def _extra_messages(self) -> None:
        """Never more than what was cut short; none where the platform can tell; and a second one says so."""
        for ground in self._of.grounds.values():
            named: dict[str, list[Shown]] = {}
            for shown in ground.shown:
                named.setdefault(shown.delivery, []).append(shown)
            extra = [more for shown in named.values() for more in shown[1:]]
            if ground.memory is not Memory.NONE:
                self._none([s.delivery for s in extra], f"N3: a second message on {ground.memory}")
            self._none(
                [s.delivery for s in extra if TWICE not in s.message.text], "N4: came again unannounced"
            )
            cuts = sum(ground.ambiguous.values()) + self._of.told.deaths.total() + self._of.told.pauses
            self._none([] if len(extra) <= cuts else [len(extra), cuts], "N3: more than was cut short")
        self._once_a_day()

    def _once_a_day(self) -> None:
        nudged = Counter(
            (s.to, s.at.date())
            for s in self._of.shown()
            if any(b.press.startswith("snooze.") for b in s.message.buttons)
        )
        self._none([day for day, n in nudged.items() if n > 1], "more than one bundle a day")

    # --- N5: order

    def _undone_stays_undone(self) -> None:
        for deed in self._of.people.deeds:
            if (
                deed.undoes is not None
                and self._next_to_each_other(deed.undoes.key, deed.who, deed.incoming.at)
                and not self._was_asked_about(deed.undoes.key)
            ):
                live = self._rows("SELECT id FROM entry WHERE note = ? AND state = 'live'", deed.undoes.token)
                self._none(live, f"N5: {deed.key} took back {deed.undoes.token}, which still stands")

    def _was_asked_about(self, log: str) -> bool:
        """It only led to a question: there was nothing to take back, and it may be answered days later."""
        return self._rows("SELECT outcome FROM inbox WHERE delivery_key = ?", log) == [("asked",)]

    def _next_to_each_other(self, log: str, who: str, at: datetime) -> bool:
        """Nothing else was written by this person at about that time, nor the line edited later."""
        near = [
            d
            for d in self._of.people.deeds
            if d.who == who and abs(d.incoming.at - at) < timedelta(minutes=30) and d.key != log
        ]
        token = next(d.token for d in self._of.people.deeds if d.key == log)
        edited = [
            d for d in self._of.people.deeds if d.token == token and d.incoming.kind is IncomingKind.EDIT
        ]
        return len(near) == 1 and not edited

    @staticmethod
    def _none(found: object, what: str) -> None:
        if found:
            raise BrokenError(f"{what}: {found}")
