"""Settings: `HANDLEDD_*` variables first, then `handledd.toml`; contracts.md names each one."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """Everything an operator sets. A platform is served when its secrets are present."""

    model_config = SettingsConfigDict(
        env_prefix="HANDLEDD_", toml_file="handledd.toml", extra="forbid", hide_input_in_errors=True
    )

    database_url: str = "sqlite:///handledd.sqlite"
    host: str = "127.0.0.1"
    """Loopback unless said otherwise: some servers bind every interface by default, this one does not."""
    port: int = Field(default=8080, ge=0, le=65535)
    timezone: str = "Europe/Stockholm"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    words: Path | None = None
    """A TOML file of one's own words, beside those that come along (docs/forms.md shows the sections)."""

    slack_signing_secret: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"

    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr | None = None

    teams_client_id: str | None = None
    teams_client_secret: SecretStr | None = None
    teams_tenant_id: str | None = None

    matrix_homeserver: str | None = None
    matrix_user: str | None = None
    matrix_access_token: SecretStr | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 the base class fixes the signature
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then secret files, then `handledd.toml`."""
        return init_settings, env_settings, file_secret_settings, TomlConfigSettingsSource(settings_cls)

    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, for the filter that keeps them out of the logs."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))
