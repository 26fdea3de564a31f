"""What can go wrong with a backup, and with a database that was migrated elsewhere."""

from __future__ import annotations


class BackupError(Exception):
    """A backup that cannot be made or put back; the text says why and what to do instead."""


class MisnamedError(BackupError):
    """What was named cannot be used: no backup, no key, or a new file that is there already."""


class NewerError(Exception):
    """A database that a newer handledd has migrated: this one does not know its tables."""


def lacks_room(error: BaseException | None) -> bool:
    """Whether SQLite could not write for want of room, which it tells of some files as any other failure."""
    return any(said in str(error) for said in ("disk I/O error", "disk is full"))
