"""Settings: `HANDLEDD_*` variables first, then the files they name for secrets, then `handledd.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.secret_files import SecretFiles, TightToml

ENGINES: Final = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")

LONGEST_DAYS: Final = 36_500
"""A hundred years: there is no day as far back as the calendar's beginning."""


class Settings(BaseSettings):
    """Everything an operator sets. A platform is served when its secrets are present."""

    model_config = SettingsConfigDict(
        env_prefix="HANDLEDD_",
        env_ignore_empty=True,  # `HANDLEDD_PORT=` in a file of variables: as usual
        toml_file="handledd.toml",
        extra="forbid",
        hide_input_in_errors=True,
    )

    database_url: str = "sqlite:///handledd.sqlite"
    host: str = "127.0.0.1"
    """Loopback unless said otherwise: some servers bind every interface by default, this one does not."""
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = None
    """The address under which people reach this server from outside, for their calendars' subscriptions."""
    trusted_proxies: str = ""
    """Addresses and networks whose X-Forwarded-For is believed, parted by commas; "": nobody's."""
    watchdog_url: str | None = None
    """Asked for after every tick, with /fail behind it when something is wrong."""
    timezone: str = "Europe/Stockholm"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    lines_a_minute: int = Field(default=30, ge=0, le=1_000_000)
    """What one person may write in a minute; buttons are not counted. 0: as much as they like."""

    words: Path | None = None
    """A TOML file of one's own words, beside those that come along (docs/forms.md shows the sections)."""

    signing_key: SecretStr | None = None
    """What histories for the next unit are signed with, 32 bytes in base64url; else the file holds it."""
    signing_key_file: Path = Path("handledd-signing.pem")
    retention_training_days: int = Field(default=731, ge=0, le=LONGEST_DAYS)
    """From a training's end until who it was is erased; the figures stay."""
    retention_inbox_days: int = Field(default=30, ge=3, le=LONGEST_DAYS)
    retention_outbox_days: int = Field(default=365, ge=30, le=LONGEST_DAYS)

    slack_signing_secret: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    """With both, other workspaces can install the app: `handledd install slack`."""
    slack_api_url: str = "https://slack.com/api/"

    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr | None = None

    teams_client_id: str | None = None
    teams_client_secret: SecretStr | None = None
    teams_tenant_id: str | None = None
    teams_service_url: str = "https://smba.trafficmanager.net/teams/"
    """Where chats are opened with people who have not written yet; other services must be Microsoft's."""
    teams_login_url: str = "https://login.microsoftonline.com"
    teams_keys_url: str = "https://login.botframework.com/v1/.well-known/keys"

    matrix_homeserver: str | None = None
    matrix_user: str | None = None
    matrix_access_token: SecretStr | None = None
    matrix_trusted: str = ""
    """Servers (`exempel.se`) and people (`@lars:annan.se`) that are listened to; "": the bot's own server."""

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{name} is unknown: try Europe/Stockholm") from None
        return name

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        """The text of the fault holds nothing of the address: a password can stand in it."""
        try:
            known = make_url(url).drivername in ENGINES
        except (ArgumentError, ValueError):
            known = False
        if not known:
            raise ValueError("begins with sqlite:///FILE or postgresql+psycopg://")
        return url

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 the base class fixes the signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the files it names, then `handledd.toml`."""
        return init_settings, env_settings, SecretFiles(settings_cls), TightToml(settings_cls)

    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, for the filter that keeps them out of the logs."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))
