"""Access tokens: the stable one, the ordinary one, and which are still good."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from aiohttp import web

from domain.kernel.clock import Clock
from haowei.simulators.wechat.account import Account
from haowei.simulators.wechat.endpoints import Endpoint, json_object
from haowei.simulators.wechat.errors import ApiError

# Source: the platform's pages on access tokens and on the stable access token.
_LIFE = timedelta(seconds=7200)
_OVERLAP = timedelta(minutes=5)  # the old token lives on beside a new one, and the stable one is renewed this much early
_BETWEEN_FORCED = timedelta(seconds=30)
_FORCED_A_DAY = 20
_CHINA = timedelta(hours=8)  # the platform's day


@dataclass(slots=True)
class _Token:
    value: str
    expires_at: datetime
    is_replaced: bool = False


@dataclass(slots=True)
class _Line:
    """The tokens of one kind: the newest, and the one before it."""

    newest: _Token | None = None
    before: _Token | None = None


@dataclass(slots=True)
class _Forced:
    last_at: datetime | None = None
    on: date | None = None
    count: int = 0


@dataclass(slots=True)
class TokenIssuer:
    """Issues and checks the account's tokens."""

    account: Account
    clock: Clock
    _stable: _Line = field(default_factory=_Line)
    _ordinary: _Line = field(default_factory=_Line)
    _issued: dict[str, _Token] = field(default_factory=dict)
    _forced: _Forced = field(default_factory=_Forced)

    def stable(self, *, force: bool = False) -> dict[str, Any]:
        """The same token while it lives, or a new one by force.

        Two forced renewals 30 s apart or more kill a leaked token; closer ones change nothing.

        Raises:
            ApiError: 45009 more than 20 forced renewals a day.
        """
        now = self.clock.now()
        newest = self._stable.newest
        if newest is None or now >= newest.expires_at - _OVERLAP or (force and self._may_force(now)):
            newest = self._renew(self._stable, now)
        return self._answer(newest, now)

    def ordinary(self) -> dict[str, Any]:
        """A new token each time; the one before lives five minutes more."""
        now = self.clock.now()
        return self._answer(self._renew(self._ordinary, now), now)

    def check(self, value: str) -> None:
        """Check the token of a call.

        Raises:
            ApiError: 41001 missing, 40001 not ours or not the latest, 42001 expired.
        """
        if not value:
            raise ApiError(41001)
        token = self._issued.get(value)
        if token is None:
            raise ApiError(40001)
        if self.clock.now() >= token.expires_at:
            raise ApiError(40001 if token.is_replaced else 42001)

    def require_secret(self, app_id: Any, secret: Any, grant_type: Any) -> None:
        """Check who asks for a token.

        Raises:
            ApiError: 41002, 41004 missing; 40002, 40013, 40125 wrong.
        """
        if not app_id:
            raise ApiError(41002)
        if not secret:
            raise ApiError(41004)
        if grant_type != "client_credential":
            raise ApiError(40002)
        if app_id != self.account.app_id:
            raise ApiError(40013)
        if secret != self.account.app_secret:
            raise ApiError(40125)

    def expire(self) -> None:
        """Let every token expire now."""
        now = self.clock.now()
        for token in self._issued.values():
            token.expires_at = min(token.expires_at, now)

    def _may_force(self, now: datetime) -> bool:
        forced = self._forced
        if forced.last_at is not None and now - forced.last_at < _BETWEEN_FORCED:
            return False
        today = (now + _CHINA).date()
        if forced.on != today:
            forced.on, forced.count = today, 0
        if forced.count >= _FORCED_A_DAY:
            raise ApiError(45009)
        forced.last_at, forced.count = now, forced.count + 1
        return True

    def _renew(self, line: _Line, now: datetime) -> _Token:
        if line.before is not None:
            line.before.expires_at = min(line.before.expires_at, now)
        if line.newest is not None:
            line.newest.is_replaced = True
            line.newest.expires_at = min(line.newest.expires_at, now + _OVERLAP)
        line.before, line.newest = line.newest, _Token(f"87_{secrets.token_urlsafe(100)}", now + _LIFE)
        self._issued[line.newest.value] = line.newest
        return line.newest

    @staticmethod
    def _answer(token: _Token, now: datetime) -> dict[str, Any]:
        return {"access_token": token.value, "expires_in": int((token.expires_at - now).total_seconds())}


def endpoints(issuer: TokenIssuer) -> list[Endpoint]:
    """stable_token and token."""

    async def stable(request: web.Request) -> dict[str, Any]:
        sent = json_object(await request.read())
        issuer.require_secret(sent.get("appid"), sent.get("secret"), sent.get("grant_type"))
        return issuer.stable(force=sent.get("force_refresh") is True)

    async def ordinary(request: web.Request) -> dict[str, Any]:
        query = request.query
        issuer.require_secret(query.get("appid"), query.get("secret"), query.get("grant_type"))
        return issuer.ordinary()

    return [
        Endpoint("POST", "/cgi-bin/stable_token", stable, public=True),
        Endpoint("GET", "/cgi-bin/token", ordinary, public=True),
    ]
