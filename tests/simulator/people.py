"""What people do in a history: they log, take back, book, are away, edit, press, and write all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from handlers.message import Incoming, IncomingKind, Sender
from schedules.zone import to_local
from tests.simulator.platforms import Shown
from tests.support.world import ZONE, mail

ACTIVITIES = ("handledning", "handledning", "mini-cex", "cbd", "iup reviderad", "utvecklingssamtal", "kurs")


@dataclass(slots=True)
class Deed:
    """One thing somebody did on a platform, told to the bot as often as it takes.

    `token` is a word that only this line holds. `undoes` is the deed it takes back, the one just before it.
    """

    key: str
    who: str
    incoming: Incoming
    token: str = ""
    undoes: Deed | None = None
    told: int = 0
    received: bool = False
    """The platform was told that it arrived."""


@dataclass(slots=True)
class People:
    """The dice's people. `seen` gives what was shown to somebody, oldest first."""

    dice: Random
    platform: dict[str, str]
    seen: Callable[[str], Sequence[Shown]]
    deeds: list[Deed] = field(default_factory=list)

    def act(self, who: str, at: datetime) -> list[Deed]:
        """What somebody does now: one deed, or two that belong together."""
        trainee = who in ("anna", "bo")
        choices = [(self._press, 5), (self._ask, 1)]
        if trainee:
            choices += [(self._log, 6), (self._undo, 1), (self._book, 2), (self._away, 1), (self._edit, 1)]
            choices += [(self._regret, 1)]
        acts, weights = zip(*choices, strict=True)
        made: list[Deed] = self.dice.choices(acts, weights)[0](who, at)
        self.deeds += made
        return made

    def _deed(self, who: str, at: datetime, text: str = "", token: str = "", **more: object) -> Deed:
        key = f"{self.platform[who]}-{len(self.deeds)}-{self.dice.randrange(10**6)}"
        sender = Sender(self.platform[who], mail(who), address=mail(who))
        values: dict[str, object] = {"message_ref": f"m-{key}"}
        return Deed(key, who, Incoming(sender, key, at, text=text, **(values | more)), token)  # type: ignore[arg-type]

    def _day(self, at: datetime, ahead: int) -> date:
        return to_local(at, ZONE).date() + timedelta(days=ahead)

    def _log(self, who: str, at: datetime) -> list[Deed]:
        token = f"prov{len(self.deeds)}x"
        day = self._day(at, -self.dice.randrange(12))
        return [self._deed(who, at, f"{self.dice.choice(ACTIVITIES)} {day} 45 min {token}", token)]

    def _undo(self, who: str, at: datetime) -> list[Deed]:
        return [self._deed(who, at, "ångra")]

    def _regret(self, who: str, at: datetime) -> list[Deed]:
        """A log and, a breath later, its undoing: the second may well arrive first."""
        (log,) = self._log(who, at)
        undo = self._deed(who, at + timedelta(seconds=self.dice.randrange(1, 40)), "ångra")
        undo.key += "u"
        undo.incoming = _renamed(undo.incoming, undo.key)
        undo.undoes = log
        return [log, undo]

    def _book(self, who: str, at: datetime) -> list[Deed]:
        return [self._deed(who, at, f"boka handledning {self._day(at, self.dice.randrange(1, 9))} kl 13 1h")]

    def _away(self, who: str, at: datetime) -> list[Deed]:
        first = self._day(at, self.dice.randrange(6))
        last = first + timedelta(days=self.dice.randrange(5))
        return [self._deed(who, at, f"{self.dice.choice(['sjuk', 'vab', 'semester'])} {first} - {last}")]

    def _edit(self, who: str, at: datetime) -> list[Deed]:
        """Mend the length of a line written before, in the chat itself."""
        logs = [d for d in self.deeds if d.who == who and d.token and d.incoming.kind is IncomingKind.TEXT]
        if not logs:
            return self._log(who, at)
        old = self.dice.choice(logs[-3:])
        text = old.incoming.text.replace("45 min", "50 min")
        ref = old.incoming.message_ref
        return [self._deed(who, at, text, old.token, kind=IncomingKind.EDIT, message_ref=ref)]

    def _ask(self, who: str, at: datetime) -> list[Deed]:
        return [self._deed(who, at, self.dice.choice(["status", "hjälp", "tack", "historik", "kalas"]))]

    def _press(self, who: str, at: datetime) -> list[Deed]:
        shown = [s for s in self.seen(who)[-4:] if s.message.buttons]
        if not shown:
            return self._ask(who, at)
        under = self.dice.choice(shown)
        press = self.dice.choice(list(under.message.buttons)).press
        once = self._deed(who, at, kind=IncomingKind.PRESS, press=press, message_ref=under.reference)
        if self.dice.random() < 0.7:
            return [once]
        twice = self._deed(who, at, kind=IncomingKind.PRESS, press=press, message_ref=under.reference)
        twice.key += "d"
        twice.incoming = _renamed(twice.incoming, twice.key)
        return [once, twice]


def _renamed(incoming: Incoming, key: str) -> Incoming:
    ref = incoming.message_ref if incoming.kind is IncomingKind.PRESS else f"m-{key}"
    return replace(incoming, delivery_key=key, message_ref=ref)
