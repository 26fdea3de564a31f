"""Local dates and UTC stamps: everything is computed in local dates and converted last."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_BEGINS = time(0, 0)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def to_local(moment: datetime, zone: str) -> datetime:
    """The naive local clock time of an aware moment."""
    return moment.astimezone(_zone(zone)).replace(tzinfo=None)


def to_utc(local: datetime, zone: str) -> datetime:
    """The aware UTC moment of a naive local clock time.

    A time that the spring change skips becomes the moment the clock shows right after; of a time that
    comes twice in autumn the first is meant. Nothing of ours is planned between 02:00 and 03:00.
    """
    return local.replace(tzinfo=_zone(zone)).astimezone(UTC)


def midnight(day: date, zone: str) -> datetime:
    """The aware UTC moment at which a local day begins."""
    return to_utc(datetime.combine(day, DAY_BEGINS), zone)
