"""Backups: a whole, checked copy while the bot runs, and the way back, which happens wholly or not at all."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from storage import sealed
from storage.engine import make_private
from storage.faults import BackupError, MisnamedError, lacks_room
from storage.schema import known_revisions

_MAGIC = {b"SQLite format 3\x00": "sqlite", b"PGDMP": "postgresql"}


def backup(database_url: str, target: Path, recipients: Sequence[sealed.Recipient] = ()) -> None:
    """Copy the database as it is at one moment to a new file that its owner alone may read.

    The file appears only when the copy is whole and checked. With recipients it is encrypted, and only they
    open it. BackupError when the target is there already or cannot be written.
    """
    if target.exists():
        raise MisnamedError(f"{target} is there already: name a new file")
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(make_url(database_url), part, recipients)
        _sync(part)
        part.replace(target)
    except OSError as error:
        mend = "name a file in a folder that you may write to"
        raise BackupError(f"{target} cannot be written: {error.strerror}; {mend}") from error
    finally:
        with suppress(OSError):  # where no file could be made there is none to take away
            part.unlink(missing_ok=True)


def restore(database_url: str, source: Path, identities: Sequence[sealed.Identity] = ()) -> None:
    """Put a backup in the database's place, in one transaction: a kill leaves the one or the other, whole.

    A bot that runs meanwhile goes on with what was restored. BackupError when the file is not a backup of
    this kind of database, is damaged, comes from a newer handledd, or opens with none of the identities.
    """
    url = make_url(database_url)
    plain = _unsealed(source, identities)
    _refuse_another_kind(url, source, plain)
    if url.get_backend_name() == "postgresql":
        file = [] if plain else [str(source)]
        _pg(
            url,
            "pg_restore",
            "--clean",
            "--if-exists",
            "--single-transaction",
            "--no-owner",
            *file,
            said=plain,
        )
        return
    with _opened(source, plain) as there:
        _check(there, source, MisnamedError)
        _put_back(there, Path(url.database or ""))


def refuse_at_once(database_url: str, source: Path) -> None:
    """BackupError for a file that plainly cannot be restored, before a copy is kept of what is there now."""
    with _reading(source):
        encrypted = sealed.is_sealed(source)
    if not encrypted:
        _refuse_another_kind(make_url(database_url), source, None)


def _refuse_another_kind(url: URL, source: Path, plain: io.BytesIO | None) -> None:
    if _kind_of(source, plain) != url.get_backend_name():
        said = f"{source} is no backup of a {url.get_backend_name()} database of handledd's"
        raise MisnamedError(f"{said}: name a file that handledd backup wrote here")


def _put_back(there: sqlite3.Connection, file: Path) -> None:
    make_private(file)
    try:
        with _opened(file) as here:
            there.backup(here)
    except sqlite3.DatabaseError as error:
        mend = "see that its folder has room for it, and move a damaged one away with its -wal and -shm"
        raise BackupError(f"{file} cannot be written: {error}; {mend}") from error


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MisnamedError(
            f"{file} cannot be read: {error.strerror}; name a file that you may read"
        ) from error


def _unsealed(source: Path, identities: Sequence[sealed.Identity]) -> io.BytesIO | None:
    """What an encrypted backup holds; None for one in the clear. BackupError if unreadable."""
    with _reading(source):
        return sealed.opened(source, identities) if sealed.is_sealed(source) else None


def _kind_of(file: Path, plain: io.BytesIO | None) -> str | None:
    """sqlite or postgresql by the first bytes; None for any other. BackupError if unreadable."""
    with _reading(file):
        begins = plain.getvalue()[:16] if plain else _first_bytes(file)
    return next((kind for magic, kind in _MAGIC.items() if begins.startswith(magic)), None)


def _first_bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(16)


def _copy(url: URL, part: Path, recipients: Sequence[sealed.Recipient]) -> None:
    if url.get_backend_name() == "postgresql":
        _dump(url, part, recipients)
        return
    file = Path(url.database or "")
    if not file.is_file():
        raise BackupError(f"there is no database at {file} yet: handledd init makes one")
    # In memory when it is to be encrypted: nothing of it is then on a disk in the clear, not for a moment.
    with _opened(file) as here, _opened(":memory:" if recipients else part) as there:
        # All pages in one go: a reader's snapshot, which no writer waits for and none can disturb.
        try:
            here.backup(there)
        except sqlite3.DatabaseError as error:
            mend = "make room where it lies" if lacks_room(error) else "to restore over it, move it away"
            raise BackupError(f"{file} cannot be copied: {error}; {mend}") from error
        _check(there, file)
        if recipients:
            sealed.seal(io.BytesIO(there.serialize()), part, recipients)


def _dump(url: URL, part: Path, recipients: Sequence[sealed.Recipient]) -> None:
    if not recipients:
        _pg(url, "pg_dump", "--format=custom", f"--file={part}")
        return
    sealed.seal(io.BytesIO(_pg(url, "pg_dump", "--format=custom")), part, recipients)


_EARLIER = "handledd restore puts an earlier backup back"


def _check(connection: sqlite3.Connection, file: Path, fault: type[BackupError] = BackupError) -> None:
    """Whole, and of a version this one knows. Raises `fault`."""
    try:
        told = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise fault(f"{file} is damaged or no database of handledd's: {error}; {_EARLIER}") from error
    if told != "ok":
        raise fault(f"{file} is damaged: {told}; {_EARLIER}")
    if not revision or revision[0] not in known_revisions():
        raise fault(f"{file} comes from a newer handledd: install that version first")


@contextmanager
def _opened(file: Path | str, content: io.BytesIO | None = None) -> Iterator[sqlite3.Connection]:
    """A file, or what one held when it was opened by its key."""
    where = ":memory:" if content else file
    with closing(sqlite3.connect(where, timeout=30, isolation_level=None)) as connection:
        if content:
            connection.deserialize(_without_log(content.getvalue()))
        yield connection


def _without_log(database: bytes) -> bytes:
    """A copy of a file in WAL mode says so in two bytes of its head, and opens nowhere without its log.

    18 and 19 are the versions for writing and reading: https://www.sqlite.org/fileformat2.html
    """
    return database[:18] + b"\x01\x01" + database[20:]


def _sync(file: Path) -> None:
    for place, flags in ((file, os.O_RDWR), (file.parent, os.O_RDONLY)):
        handle = os.open(place, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _pg(url: URL, program: str, *arguments: str, said: io.BytesIO | None = None) -> bytes:
    """Run PostgreSQL's own tool, its password in the environment: a list of processes shows no such thing."""
    tool = shutil.which(program)
    if tool is None:
        raise BackupError(f"{program} is not on the PATH: install PostgreSQL's client tools")
    plain = url.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": url.password} if url.password else {}
    done = subprocess.run(  # noqa: S603 - a tool found on the PATH, with arguments of our own
        [tool, f"--dbname={plain}", *arguments],
        env=os.environ | secret,
        input=said.getvalue() if said else b"",
        capture_output=True,
        check=False,
    )
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace")
        raise BackupError(f"{program}: {' '.join(told.split()) or 'failed'}")
    return done.stdout
