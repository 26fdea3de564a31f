"""`handledd doctor`: one screen of what is right and what to do about the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from sqlalchemy import func, select, text

from bot.cli.database import database, load_settings
from bot.cli.output import FAILURE, print_text
from bot.clock import system_clock
from bot.serving import makers
from bot.settings import Settings
from storage.columns import columns
from storage.engine import reading
from storage.schema import current, head
from storage.tables import Identity, Outbox, OutboxState, Person

app = typer.Typer()

_O, _P, _I = columns(Outbox), columns(Person), columns(Identity)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is right, and what it is or what to do."""

    right: bool
    text: str


@app.command()
def doctor() -> None:
    """Look at settings, platforms, time zone, database and what could not be delivered."""
    settings = load_settings()
    findings = [*_settings(settings), *_database(settings)]
    for finding in findings:
        print_text(f"{'✓' if finding.right else '✗'} {finding.text}")
    if not all(finding.right for finding in findings):
        raise typer.Exit(FAILURE)


def _settings(settings: Settings) -> Iterator[Finding]:
    try:
        ZoneInfo(settings.timezone)
        yield Finding(right=True, text=f"time zone {settings.timezone}")
    except (ZoneInfoNotFoundError, ValueError):
        yield Finding(
            right=False, text=f"HANDLEDD_TIMEZONE {settings.timezone} is unknown: try Europe/Stockholm"
        )
    served = len(makers(settings, system_clock))
    yield Finding(served > 0, f"platforms set up: {served}" + ("" if served else " (see README.md)"))
    slack = (settings.slack_signing_secret, settings.slack_bot_token)
    if any(slack) and not all(slack):
        yield Finding(
            right=False, text="Slack needs both HANDLEDD_SLACK_SIGNING_SECRET and HANDLEDD_SLACK_BOT_TOKEN"
        )
    if settings.slack_bot_token and not settings.slack_bot_token.get_secret_value().startswith("xoxb-"):
        yield Finding(
            right=False, text="HANDLEDD_SLACK_BOT_TOKEN begins with xoxb-: copy the Bot User OAuth Token"
        )
    if (
        settings.telegram_mode == "webhook"
        and settings.telegram_token
        and not settings.telegram_webhook_secret
    ):
        yield Finding(
            right=False, text="HANDLEDD_TELEGRAM_MODE=webhook needs HANDLEDD_TELEGRAM_WEBHOOK_SECRET"
        )


def _database(settings: Settings) -> Iterator[Finding]:
    with database(settings) as engine:
        yield Finding(current(engine) == head(), f"database {engine.dialect.name}, schema {current(engine)}")
        with reading(engine) as session:
            if engine.dialect.name == "sqlite":
                mode = session.connection().execute(text("PRAGMA journal_mode")).scalar_one()
                yield Finding(mode == "wal", f"journal mode {mode}")
            people = session.execute(select(func.count()).select_from(Person)).scalar_one()
            yield Finding(people > 0, f"people: {people}" + ("" if people else " (handledd roster import)"))
            linked = select(_I.person_id).where(_I.disabled_at.is_(None))
            loose = (
                session.execute(select(_P.email).where(_P.id.not_in(linked)).order_by(_P.email))
                .scalars()
                .all()
            )
            told = f": {', '.join(loose[:10])} (handledd invite EMAIL)" if loose else ""
            yield Finding(not loose, f"not linked to any platform: {len(loose)}{told}")
            states = [OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.EXPIRED]
            ended = session.execute(select(func.count()).where(_O.state.in_(states))).scalar_one()
            yield Finding(ended == 0, f"messages that could not be delivered: {ended}")
