"""The digest's parts about people: who needs the reader, the figures, and what is ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from handlers import describe
from handlers.words import Words
from schedules.digests.figures import Escalated, Figures, Share
from schedules.rules.requirement import Kind
from storage.tables import Person

MOST_NAMED, MOST_WAITS = 7, 2
"""So many people are named under one heading, and so much is told of each: it is read in a minute."""
ALWAYS_TOLD = ("supervision", "assessment")
MOST_SHARES = 7
"""So many requirements have a line of their own, the rulebook's first ones; the picture has them all."""
FEW_WELL = 3
"""So many requirements in which everybody is and was in step are told in one line."""


def needs(words: Words, of: Figures) -> list[str]:
    """Part one: a line for each person, those who have waited longest; the others as figures."""
    pairs: dict[int, list[Escalated]] = {}
    for each in of.escalated:
        if of.may_name(each.seen.person):
            pairs.setdefault(each.row.trainee_id, []).append(each)
    crowded = len(pairs) > MOST_NAMED
    most = 1 if crowded else MOST_WAITS
    lines = [_pair(words, of, mine, most) for mine in list(pairs.values())[:MOST_NAMED]]
    if crowded:
        lines.append(words.say("digest.needs_more", count=len(pairs) - MOST_NAMED))
    unnamed = {each.row.trainee_id: each.seen for each in of.escalated if not of.may_name(each.seen.person)}
    counts = Counter(seen.unit.name for seen in unnamed.values())
    every = Counter(seen.unit.name for seen in of.seen)
    lines += [
        words.say("digest.needs_count", unit=unit, count=n, all=every[unit])
        for unit, n in sorted(counts.items())
    ]
    return [words.say("digest.needs"), *lines] if lines else [words.say("digest.needs_none")]


def _pair(words: Words, of: Figures, mine: Sequence[Escalated], most: int) -> str:
    """All that waits for one person, the longest first, and why."""
    told = [_what(words, each) + _reasons(words, each) + describe.muted(words, each.muted) for each in mine]
    rest = len(told) - most
    more = [words.say("digest.waits_more", count=rest)] if rest > 0 else []
    seen, away = mine[0].seen, max(each.why.away for each in mine)
    what = "; ".join([*told[:most], *more])
    what += words.say("digest.why_away", count=away) if away else ""
    return words.say("digest.needs_line", name=of.called(seen.person), unit=seen.unit.name, what=what)


def _reasons(words: Words, each: Escalated) -> str:
    """As in " (inte av: jour 2, sjuk 1)"."""
    said = ", ".join(f"{words.name('reason', reason)} {count}" for reason, count in each.why.reasons)
    return words.say("digest.why_missed", reasons=said) if said else ""


def _what(words: Words, each: Escalated) -> str:
    row = each.row
    if each.requirement.kind is Kind.WEEKLY and row.missed > 1:
        if row.last_on is None:
            return words.say("digest.overdue_weeks_never", count=row.missed)
        return words.say("digest.overdue_weeks", count=row.missed, last=words.dated(row.last_on))
    since = row.due_on or row.overdue_from
    title = describe.title(words, each.requirement)
    return words.say("digest.overdue_since", title=title, day=words.dated(since)) if since else title


def figures_of(words: Words, of: Figures) -> list[str]:
    """Part two: how many are in step, in all and by requirement, and the change since the week before."""
    change = words.say("digest.figure_change", change=_signed(of.change)) if of.change else ""
    head = words.say("digest.figures", ok=of.in_step, count=len(of.seen), change=change)
    well = [share for share in of.shares if _is_unremarkable(share)]
    if len(well) < FEW_WELL:
        return [head, *(_share(words, share) for share in of.shares)]
    told = [share for share in of.shares if share not in well]
    more = [words.say("digest.figure_more", count=len(told) - MOST_SHARES)] if len(told) > MOST_SHARES else []
    rest = words.say("digest.figure_rest", count=len(well))
    return [head, *(_share(words, share) for share in told[:MOST_SHARES]), *more, rest]


def _is_unremarkable(share: Share) -> bool:
    """Everybody is and was in step, and it is not one of what is asked about most."""
    return share.in_step == share.of and not share.change and share.requirement.key not in ALWAYS_TOLD


def _signed(change: int) -> str:
    """As in "+2", "−1", with a minus as wide as the plus."""
    return f"{change:+d}".replace("-", "−")


def _share(words: Words, share: Share) -> str:
    change = words.say("digest.figure_change", change=_signed(share.change)) if share.change else ""
    title = describe.title(words, share.requirement)
    return words.say("digest.figure_line", title=title, ok=share.in_step, count=share.of, change=change)


def ahead(words: Words, of: Figures) -> list[str]:
    """Part three: what falls due in the weeks to come."""
    lines = [
        words.say(
            "digest.ahead_named" if each.named else "digest.ahead_line",
            title=describe.title(words, each.requirement),
            count=len(each.people),
            names=names_of(words, of, each.people),
        )
        for each in of.ahead
    ]
    return [words.say("digest.ahead"), *lines] if lines else []


def names_of(words: Words, of: Figures, people: Iterable[Person]) -> str:
    """By name whom the reader may see so, not more than are read at a glance; the others only counted."""
    everybody = list(people)
    names = [of.called(person) for person in everybody if of.may_name(person)][:MOST_NAMED]
    rest = len(everybody) - len(names)
    if rest and names:
        return f"{', '.join(names)} {words.say('digest.names_more', count=rest)}"
    return ", ".join([*names, *([str(rest)] if rest else [])])
