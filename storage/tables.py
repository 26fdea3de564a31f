"""Every table, imported once so that the metadata is whole."""

from sqlmodel import SQLModel

from storage.audit import Audit
from storage.entries import Booking, Entry, EntryState
from storage.inbox import Draft, Inbox
from storage.outbox import DailyBundle, Outbox, OutboxState
from storage.people import Identity, LinkCode, LinkTry, Person, Role, RoleName
from storage.standings import Agenda, Standing, StandingChange
from storage.trainees import Absence, Pairing, Placement, Trainee
from storage.units import Unit, UnitDuty

metadata = SQLModel.metadata

__all__ = [
    "Absence",
    "Agenda",
    "Audit",
    "Booking",
    "DailyBundle",
    "Draft",
    "Entry",
    "EntryState",
    "Identity",
    "Inbox",
    "LinkCode",
    "LinkTry",
    "Outbox",
    "OutboxState",
    "Pairing",
    "Person",
    "Placement",
    "Role",
    "RoleName",
    "Standing",
    "StandingChange",
    "Trainee",
    "Unit",
    "UnitDuty",
    "metadata",
]
