"""The environment and `.env`, read once at the start and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import Unusable

PLATFORM_KEYS = ("slack_bot_token", "slack_app_token", "slack_signing_secret", "client_id", "client_secret", "tenant_id")


class Settings(BaseSettings):
    """Each field is a variable of the same name in capitals; an empty one counts as not set."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: SecretStr = SecretStr("sqlite:///homeward.sqlite")
    homeward_config: Path = Path("homeward.yml")
    homeward_keys: SecretStr | None = None
    homeward_keys_file: Path | None = None
    homeward_sandbox_password: SecretStr | None = None
    homeward_smtp: SecretStr | None = None
    homeward_mail_from: str = "homeward@localhost"
    homeward_heartbeat_url: SecretStr | None = None
    homeward_log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str | None = None
    https_proxy: str | None = None
    ssl_cert_file: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    tenant_id: str | None = None
    homeward_teams_local: bool = False
    graph_base_url: str | None = None

    def platform_keys(self) -> list[str]:
        """Names of the variables that open a real platform and are set."""
        return [name.upper() for name in PLATFORM_KEYS if getattr(self, name)]


def named(name: str) -> SecretStr | None:
    """A variable that homeward.yml names, such as the token of one workspace."""
    found = os.environ.get(name) or dotenv_values(".env").get(name)
    return SecretStr(found) if found else None


def read() -> Settings:
    """What the environment and `.env` say now. Raises Unusable for a value that cannot be."""
    try:
        return Settings()
    except (ValidationError, UnicodeDecodeError) as error:
        raise Unusable(f"The environment or .env cannot be read: {' '.join(str(error).split())}") from None
