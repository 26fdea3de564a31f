"""Every table, imported once so that the metadata is whole."""

from sqlmodel import SQLModel

from storage.audit import Audit
from storage.calendars import CalendarFeed
from storage.concerns import Concern, ConcernStep
from storage.entries import Booking, Entry, EntryState
from storage.inbox import Draft, Inbox
from storage.installations import Installation, InstallState, LeftAccount
from storage.mutes import Mute
from storage.offers import OfferedFile
from storage.outbox import DailyBundle, Outbox, OutboxState
from storage.people import NAMELESS, Identity, LinkCode, LinkTry, Person, Role, RoleName
from storage.requests import AssessmentRequest, Remark
from storage.standings import Agenda, Standing, StandingChange
from storage.trainees import Absence, Away, Pairing, Placement, SupervisorTraining, Trainee
from storage.transfers import Transfer
from storage.units import Unit, UnitDuty

metadata = SQLModel.metadata

__all__ = [
    "NAMELESS",
    "Absence",
    "Agenda",
    "AssessmentRequest",
    "Audit",
    "Away",
    "Booking",
    "CalendarFeed",
    "Concern",
    "ConcernStep",
    "DailyBundle",
    "Draft",
    "Entry",
    "EntryState",
    "Identity",
    "Inbox",
    "InstallState",
    "Installation",
    "LeftAccount",
    "LinkCode",
    "LinkTry",
    "Mute",
    "OfferedFile",
    "Outbox",
    "OutboxState",
    "Pairing",
    "Person",
    "Placement",
    "Remark",
    "Role",
    "RoleName",
    "Standing",
    "StandingChange",
    "SupervisorTraining",
    "Trainee",
    "Transfer",
    "Unit",
    "UnitDuty",
    "metadata",
]
