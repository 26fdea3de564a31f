"""What can go wrong with a backup."""

from __future__ import annotations


class BackupError(Exception):
    """A backup that cannot be made or put back; the text says why and what to do instead."""
