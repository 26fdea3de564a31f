"""`handledd doctor`: one screen of what is right and what to do about the rest."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy import URL, ColumnElement, Engine, func, select, text
from sqlmodel import Session

from bot.cli.compared import compared
from bot.cli.database import database, load_settings, meant
from bot.cli.output import FAILURE, print_text
from bot.clock import system_clock
from bot.faults import faults
from bot.secret_files import PREFIX, may_have_file, others_may_read
from bot.serving import kept, served
from bot.settings import Settings
from handlers.privacy.retention import waiting
from schedules.zone import to_local
from storage.columns import columns, table
from storage.engine import reading
from storage.schema import current, head
from storage.tables import NAMELESS, Identity, Outbox, OutboxState, Person

app = typer.Typer()

WEEK = timedelta(days=7)
_PRAGMAS: Final = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
"""As `storage.engine` sets them: 2 is FULL, so that what is told as saved has reached the disk."""

_O, _P, _I = columns(Outbox), columns(Person), columns(Identity)
_NAMED = _P.email.not_like(f"%@{NAMELESS}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is right, and what it is or what to do."""

    right: bool
    text: str


@app.command()
def doctor(
    live: Annotated[
        bool, typer.Option("--live", help="Ask each platform whether it takes the token.")
    ] = False,
) -> None:
    """Look at settings, platforms, time zone, database and what could not be delivered."""
    settings = load_settings()
    findings = [*_files(), *_variables(), *_settings(settings), *_address(settings), *_database(settings)]
    if live and any(faults(settings)):
        findings.append(Finding(right=False, text="--live asks the platforms when the settings are right"))
    elif live:
        from bot.cli.live import answers  # an HTTP client only for who asks over HTTP

        findings += [Finding(right, text) for right, text in answers(settings, system_clock)]
    for finding in findings:
        print_text(f"{'✓' if finding.right else '✗'} {finding.text}")
    if not all(finding.right for finding in findings):
        raise typer.Exit(FAILURE)


def _files() -> Iterator[Finding]:
    """The settings file, where there is one: its secrets are for its owner alone."""
    file = Path(str(Settings.model_config["toml_file"]))
    if file.exists():
        tight = not others_may_read(file)
        mend = "" if tight else f": others may read its secrets (chmod 600 {file})"
        yield Finding(tight, f"settings file {file}{mend}")


def _variables() -> Iterator[Finding]:
    """What is set for handledd and read by nothing, as a misspelt name is. In the file that is a fault."""
    files = (f"{name}_file" for name in may_have_file(Settings))
    known = {f"{PREFIX}{name}".upper() for name in (*Settings.model_fields, *files)}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            yield Finding(right=False, text=f"{name} is no setting{meant(name, known)}")


def _settings(settings: Settings) -> Iterator[Finding]:
    wrong = list(faults(settings))
    if not wrong:
        yield Finding(right=True, text=f"time zone {settings.timezone}")
    yield from (Finding(right=False, text=fault) for fault in wrong)
    count = len(served(settings))
    yield Finding(
        count > 0,
        f"platforms set up: {count}" + ("" if count else " (handledd init, or README.md, Settings)"),
    )
    token = settings.telegram_token
    if token and re.fullmatch(r"\d+:[\w-]{1,19}", token.get_secret_value()):
        yield Finding(right=False, text="HANDLEDD_TELEGRAM_TOKEN ends early: copy all of it from @BotFather")


def _address(settings: Settings) -> Iterator[Finding]:
    """The clock as it is read here, and where the platforms that call in are to call."""
    yield Finding(right=True, text=f"clock {to_local(system_clock(), settings.timezone):%Y-%m-%d %H:%M}")
    called = {
        "/slack/events": settings.slack_signing_secret and not settings.slack_app_token,
        "/telegram/webhook": settings.telegram_token and settings.telegram_mode == "webhook",
        "/api/messages": settings.teams_client_id,
    }
    paths = [path for path, is_called in called.items() if is_called]
    if not paths:
        return
    public = (settings.public_url or "").rstrip("/")
    text = ", ".join(f"{public}{path}" for path in paths)
    if public.startswith("https://"):
        yield Finding(right=True, text=f"webhook address {text}")
    else:
        mend = "set HANDLEDD_PUBLIC_URL to the https address that leads here"
        yield Finding(right=False, text=f"webhook address: {mend} (for {', '.join(paths)})")


def _database(settings: Settings) -> Iterator[Finding]:
    with database(settings) as engine:
        where = f"{engine.dialect.name} at {_place(engine.url)}"
        yield Finding(current(engine) == head(), f"database {where}, schema {current(engine)}")
        with reading(engine) as session:
            if engine.dialect.name == "sqlite":
                yield pragmas(session)
                yield from _exposed(Path(engine.url.database or ""))
            people = session.execute(select(func.count()).select_from(Person).where(_NAMED)).scalar_one()
            yield Finding(people > 0, f"people: {people}" + ("" if people else " (handledd roster import)"))
            yield from _linked(session, served(settings))
            yield from undelivered(session, system_clock())
            yield _drift(session)
        yield _retention(engine, settings)


def pragmas(session: Session) -> Finding:
    """What SQLite runs with; on a network's file system it keeps to another journal and says nothing."""
    asked = session.connection().execute
    found = {name: asked(text(f"PRAGMA {name}")).scalar_one() for name in _PRAGMAS}
    told = ", ".join(f"{name} {value}" for name, value in found.items())
    mend = "" if found == _PRAGMAS else ": keep the database on a disk of this machine's own"
    return Finding(found == _PRAGMAS, f"pragmas {told}{mend}")


def _place(url: URL) -> str:
    """Where the data is: in another folder than the service's, a command finds or makes another file."""
    here = f"{url.host or 'this machine'}/{url.database}"
    return str(Path(url.database or "").resolve()) if url.get_backend_name() == "sqlite" else here


def _linked(session: Session, here: Sequence[str]) -> Iterator[Finding]:
    """Who can be written to: an account where no bot is any more, or not yet, reaches nobody."""
    linked = select(_I.person_id).where(_I.disabled_at.is_(None))
    loose = _emails(session, _P.id.not_in(linked))
    yield Finding(not loose, f"not linked to any platform: {len(loose)}{_invite(loose)}")
    gone = (
        _emails(session, _P.id.in_(linked), _P.id.not_in(linked.where(_I.platform.in_(here)))) if here else []
    )
    if gone:
        text = f"linked, but to no platform that is set up: {len(gone)}{_invite(gone)}"
        yield Finding(right=False, text=text)


def _emails(session: Session, *which: ColumnElement[bool]) -> Sequence[str]:
    return session.execute(select(_P.email).where(*which, _NAMED).order_by(_P.email)).scalars().all()


def _invite(emails: Sequence[str]) -> str:
    return f": {', '.join(emails[:10])} (handledd invite EMAIL)" if emails else ""


def _exposed(file: Path) -> Iterator[Finding]:
    """SQLite's file, where everybody on the machine may read it: one made by an older handledd, or copied."""
    if file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o007:
        yield Finding(right=False, text=f"database file {file}: others may read it (chmod 600 {file})")


def _drift(session: Session) -> Finding:
    """Standing rows that do not say what the journal says."""
    found = len(compared(session, system_clock()))
    return Finding(not found, f"drift {found}" + (" (handledd verify names them)" if found else ""))


def _retention(engine: Engine, settings: Settings) -> Finding:
    """How long what is kept, and what waits for the next night."""
    count = waiting(engine, system_clock(), settings.timezone, kept(settings))
    text = (
        f"kept: who trained {settings.retention_training_days} days after the end, outcomes"
        f" {settings.retention_inbox_days}, sent facts {settings.retention_outbox_days};"
        f" rows that wait for the night: {count}"
    )
    return Finding(right=True, text=text)


def _ends(session: Session, now: datetime, *states: OutboxState) -> tuple[int, str]:
    """How many rows of the last week ended so, and how many for each reason, in words."""
    ends = session.execute(
        select(_O.state, _O.reason, func.count())
        .where(_O.state.in_(states), _O.ended_at > now - WEEK)
        .group_by(_O.state, _O.reason)
        .order_by(_O.state, _O.reason)
    ).all()
    told = "".join(f"; {count} {state}: {reason}" for state, reason, count in ends)
    return sum(count for _, _, count in ends), told


def undelivered(session: Session, now: datetime) -> Iterator[Finding]:
    """What was not sent within a week, state and reason, and the accounts that are left alone for it."""
    lost = OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.EXPIRED
    ends, told = _ends(session, now, *lost)
    yield Finding(not ends, f"messages that did not arrive in a week: {ends}{told}")
    spared, why = _ends(session, now, OutboxState.SKIPPED)
    yield Finding(right=True, text=f"messages that nobody needed any more, in a week: {spared}{why}")
    given_up = session.execute(
        select(_P.email, _I.platform, _I.disabled_reason)
        .join_from(table(Identity), table(Person), _P.id == _I.person_id)
        .where(_I.disabled_at.is_not(None))
        .order_by(_P.email)
    ).all()
    named = "".join(f"; {email} on {platform}: {reason}" for email, platform, reason in given_up[:10])
    again = " (used again as soon as they write to the bot)" if given_up else ""
    yield Finding(not given_up, f"accounts that refuse the bot: {len(given_up)}{named}{again}")
