"""What can go wrong with a backup, and with a database that was migrated elsewhere."""

from __future__ import annotations


class BackupError(Exception):
    """A backup that cannot be made or put back; the text says why and what to do instead."""


class NewerError(Exception):
    """A database that a newer handledd has migrated: this one does not know its tables."""
