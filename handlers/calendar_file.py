"""Bookings as events of a calendar that phones and Outlook take (RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from handlers.message import File
from schedules.bookings import times
from schedules.calendar import DAY
from storage.tables import Booking

if TYPE_CHECKING:
    from icalendar import Calendar, Event, Timezone

HAPPENS = ("planned", "held")
"""Any other state of a booking is a cancelled event."""
ASK_AGAIN = timedelta(hours=1)
"""How often a subscribed calendar is asked to look again."""


def file_of(titled: Sequence[tuple[Booking, str]], zone: str, now: datetime) -> File:
    """An .ics file of bookings with their titles, named after the last one's day.

    A UID names its booking: a later file replaces it.
    """
    content = _calendar([event(booking, title, zone, now) for booking, title in titled]).to_ical()
    return File(f"{titled[-1][0].on_date.isoformat()}.ics", content, "text/calendar")


def feed(name: str, events: Sequence[Event]) -> bytes:
    """A whole calendar to subscribe to, the same bytes as long as nothing has changed."""
    calendar = _calendar(events)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", ASK_AGAIN)
    content: bytes = calendar.to_ical()
    return content


def event(booking: Booking, title: str, zone: str, stamp: datetime) -> Event:
    """One booking in the unit's time zone; called off or without a clock time it takes up no hours.

    `title` is all that is told: neither a note nor a topic leaves the chat.
    """
    from icalendar import Event  # its eighty modules only where a calendar is made

    made = Event()
    made.add("uid", f"booking-{booking.id}@handledd")
    made.add("dtstamp", stamp)
    made.add("sequence", booking.sequence)
    happens = booking.state in HAPPENS
    made.add("status", "CONFIRMED" if happens else "CANCELLED")
    made.add("summary", title)
    if booking.start_time is None:
        made.add("dtstart", booking.on_date)
        if booking.end_date:
            made.add("dtend", booking.end_date + DAY)  # the day that is no longer part of it: RFC 5545, 3.6.1
    else:
        at = times(booking)
        made.add("dtstart", at.begin.replace(tzinfo=ZoneInfo(zone)))
        made.add("dtend", at.end.replace(tzinfo=ZoneInfo(zone)))
    if not happens or booking.start_time is None:
        made.add("transp", "TRANSPARENT")
    return made


def _calendar(events: Sequence[Event]) -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//handledd//")
    calendar.add("version", "2.0")
    for each in events:
        calendar.add_component(each)
    for name in sorted(calendar.get_missing_tzids()):
        calendar.subcomponents.insert(0, _zone(name))
    return calendar


@cache
def _zone(name: str) -> Timezone:
    """All of a zone's changes of the clock: worked out once, as that takes longer than all the rest."""
    from icalendar import Timezone

    return Timezone.from_tzid(name)
