"""Tokens that Microsoft signs for this app: by a key of theirs that may speak for Teams, about one service, with an end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import jwt
from microsoft_teams.api.auth.cloud_environment import CloudEnvironment
from microsoft_teams.api.auth.json_web_token import JsonWebToken

CHANNEL = "msteams"
SKEW = 300  # seconds between two clocks
A_DAY = 86400  # seconds after which keys are fetched anew; one that is not known yet is looked for at once, and not again for a while
PATIENCE = 5.0  # seconds for the keys


class Unendorsed(jwt.InvalidTokenError):
    """Signed by Microsoft, by a key that may not speak for Teams."""


class Keys(jwt.PyJWKClient):
    """Microsoft's keys, kept for a day: while they cannot be fetched, those that are known still count."""

    def __init__(self, cloud: CloudEnvironment) -> None:
        super().__init__(re.sub(r"/openidconfiguration$", "/keys", cloud.openid_metadata_url), lifespan=A_DAY, timeout=PATIENCE)
        self._endorsed: Mapping[str, frozenset[str]] = {}

    def fetch_data(self) -> Any:
        """The keys, and beside them for which channels each may speak."""
        found = super().fetch_data()
        self._endorsed = {str(key.get("kid")): frozenset(key.get("endorsements") or ()) for key in found.get("keys", ())}
        return found

    def endorses(self, key: jwt.PyJWK, channel: str) -> bool:
        """Whether what it signs may come from a channel."""
        return channel in self._endorsed.get(str(key.key_id), ())


class Tokens:
    """Reads them; the keys are fetched by a call that waits, so it is used in a thread."""

    def __init__(self, client_id: str, cloud: CloudEnvironment) -> None:
        self._client_id, self._issuer, self._keys = client_id, cloud.token_issuer, Keys(cloud)

    def read(self, raw: str, address: str) -> JsonWebToken:
        """A token about the service at that address. Raises PyJWTError, of which Unendorsed is one."""
        key = self._keys.get_signing_key_from_jwt(raw)
        claims = jwt.decode(
            raw,
            key.key,
            algorithms=["RS256"],
            audience=self._client_id,
            issuer=self._issuer,
            leeway=SKEW,
            options={"require": ["exp", "iss", "aud", "serviceurl"]},
        )
        if str(claims["serviceurl"]).rstrip("/") != address.rstrip("/"):
            raise jwt.InvalidTokenError("about another service")
        if not self._keys.endorses(key, CHANNEL):
            raise Unendorsed
        return JsonWebToken(value=raw)
