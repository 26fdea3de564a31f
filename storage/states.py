"""The rows that the partial indexes pick, in the indexes' own words.

SQLite plans a statement anew at each execution when a value that is bound to it might fit an index's
condition. What is written in the statement itself is planned once: a log took a tenth less of the processor.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, literal_column

from storage.columns import columns
from storage.entries import Entry, EntryState
from storage.outbox import Outbox, OutboxState

IS_LIVE: Final[ColumnElement[bool]] = columns(Entry).state == literal_column(f"'{EntryState.LIVE}'")
"""The versions of entries that count."""
IS_PENDING: Final[ColumnElement[bool]] = columns(Outbox).state == literal_column(f"'{OutboxState.PENDING}'")
"""The outbox rows that have not ended."""
