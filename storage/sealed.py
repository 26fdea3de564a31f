"""Backups that only a key opens: the age format, written and read by `pyrage`.

What is inside is never on a disk in the clear: it passes through memory.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import pyrage

from storage.faults import MisnamedError

_BEGINS = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")

Recipient: TypeAlias = Any
Identity: TypeAlias = Any
"""pyrage's own, which come without types: `pyrage.x25519`."""


def recipient_of(text: str) -> Recipient:
    """Whom a backup is encrypted to: `age1…`, as `age-keygen` prints it. Raises MisnamedError."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise MisnamedError(f"{text!r} is no recipient: name the age1… that age-keygen prints") from None


def identities_of(text: str, name: str) -> list[Identity]:
    """The keys of an identity file, without comments. Raises MisnamedError, which quotes nothing of it."""
    lines = [line.strip() for line in text.splitlines()]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise MisnamedError(
            f"{name} is no identity file: one AGE-SECRET-KEY-1… a line, as age-keygen writes it"
        )
    return found


def is_sealed(file: Path) -> bool:
    """Whether a file is in the age format. Raises OSError."""
    with file.open("rb") as opened:
        return opened.read(40).startswith(_BEGINS)


def seal(plain: BinaryIO, file: Path, recipients: Sequence[Recipient]) -> None:
    """Encrypt what can be read from `plain` into a file that is there already."""
    with file.open("wb") as opened:
        pyrage.encrypt_io(plain, opened, list(recipients))


_TRY = "try another key of yours, or an earlier backup"


def opened(file: Path, identities: Sequence[Identity]) -> io.BytesIO:
    """What a file holds, all of it checked before any of it is used. Raises MisnamedError."""
    if not identities:
        raise MisnamedError(f"{file} is encrypted: name the file with its key, --identity FILE")
    plain = io.BytesIO()
    try:
        with file.open("rb") as sealed:
            pyrage.decrypt_io(sealed, plain, list(identities))
    except pyrage.DecryptError as error:
        raise MisnamedError(f"{file} does not open: another key, or damaged ({error}); {_TRY}") from None
    except OSError as error:
        if error.errno:
            raise
        raise MisnamedError(f"{file} does not open: another key, or damaged; {_TRY}") from None
    plain.seek(0)
    return plain
