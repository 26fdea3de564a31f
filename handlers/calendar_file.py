"""A booking as a calendar file that phones and Outlook take."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from handlers.message import File
from schedules.bookings import times
from storage.tables import Booking

ZONE = ZoneInfo("Europe/Stockholm")


def one_event(booking: Booking, title: str, now: datetime) -> File:
    """An .ics file with one event. Its UID names the booking, so that a later file replaces the event."""
    event = Event()
    event.add("uid", f"booking-{booking.id}@handledd")
    event.add("dtstamp", now)
    event.add("summary", title)
    if booking.start_time is None:
        event.add("dtstart", booking.on_date)
    else:
        at = times(booking)
        event.add("dtstart", at.begin.replace(tzinfo=ZONE))
        event.add("dtend", at.end.replace(tzinfo=ZONE))
    calendar = Calendar()
    calendar.add("prodid", "-//handledd//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return File(f"{booking.on_date.isoformat()}.ics", calendar.to_ical(), "text/calendar")
