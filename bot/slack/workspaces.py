"""The workspaces we serve: one token and one client each, without the library's retries, which post twice."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

PATIENCE = 10  # seconds for an answer; what takes longer is looked up


@dataclass(frozen=True)
class Line:
    """How Slack is reached: another address than its own, a proxy, certificates of our own."""

    api_url: str | None = None
    proxy: str | None = None
    ca_file: str | None = None

    @property
    def url(self) -> str:
        """The address of its Web API, with the slash at the end that the SDK wants."""
        given = (self.api_url or WebClient.BASE_URL).rstrip("/")
        return f"{given}/" if given.endswith("/api") else f"{given}/api/"

    def tls(self) -> ssl.SSLContext | None:
        """A context for certificates of our own; None for the machine's."""
        return ssl.create_default_context(cafile=self.ca_file) if self.ca_file else None

    def client(self, token: str | None) -> WebClient:
        """For threads."""
        return WebClient(token, self.url, PATIENCE, self.tls(), self.proxy, retry_handlers=[])

    def async_client(self, token: str | None) -> AsyncWebClient:
        """For the event loop."""
        tls = self.tls()
        return AsyncWebClient(token, self.url, PATIENCE, tls, self.proxy, trust_env_in_session=True, retry_handlers=[])

    def may_answer(self, url: str) -> bool:
        """Whether a response address is Slack's, or that of the place configured in its stead."""
        given, mine = urlsplit(url), urlsplit(self.url)
        slack = given.scheme == "https" and (given.hostname or "").endswith(".slack.com")
        return slack or (self.api_url is not None and (given.hostname, given.scheme) == (mine.hostname, mine.scheme))


@dataclass
class Workspace:
    """One workspace. Who we are there is known once it was asked."""

    team: str
    token: str
    client: WebClient
    calls: AsyncWebClient
    user: str | None = None
    bot: str | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Workspaces:
    """All of them, by team; the first is the default."""

    line: Line
    every: Mapping[str, Workspace]

    @classmethod
    def connect(cls, line: Line, tokens: Iterable[tuple[str, str]]) -> Workspaces:
        """From (team, token) pairs."""
        return cls(line, {team: Workspace(team, token, line.client(token), line.async_client(token)) for team, token in tokens})

    def of(self, team: str | None) -> Workspace | None:
        """The workspace of a team that is configured."""
        return self.every.get(team or "")

    def first(self) -> Workspace:
        """The default one."""
        return next(iter(self.every.values()))

    def home_of(self, teams: Iterable[str | None]) -> Workspace | None:
        """The first of these teams that is configured: a room or an account may also name a team that shares a channel."""
        return next((self.every[team] for team in teams if team and team in self.every), None)
