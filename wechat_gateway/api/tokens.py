"""Access tokens by stable_token, with one refresher across all processes: a lease on a row. Source: reference wechat §1.6.

A token is fetched outside of any transaction, by whoever holds the lease; all others wait for the row.
"""

import asyncio
import secrets
import time
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import CursorResult, String, Update, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.kernel.clock import Clock
from domain.storage import Base, Database, DeadlineExceededError, StorageUnavailableError, UtcDateTime, insert_once, not_personal
from wechat_gateway.api.errors import Action, WeChatApiError
from wechat_gateway.api.transport import Transport, encode, required

LEASE: Final = timedelta(seconds=15)  # longer than one fetch may take
FORCE_PAUSE: Final = timedelta(seconds=30)  # the platform allows a forced refresh every 30 s, 20 a day
_SPARE_S = 240  # stop using a token this long before its end; the platform gives a new one 300 s before
_LONGEST_TOKEN = 512
_WAIT_S = 12.0
_POLL_S = 0.1


class WeChatToken(Base):
    """The account's present token, and who is fetching the next one."""

    __tablename__ = "wechat_token"

    app_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token: Mapped[str] = mapped_column(String(_LONGEST_TOKEN), info=not_personal("the account's API token"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when we stop using it
    leased_by: Mapped[str] = mapped_column(String(32))
    leased_until: Mapped[datetime] = mapped_column(UtcDateTime)
    forced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class _Token(NamedTuple):
    value: str
    expires_at: datetime


class AccessTokens:
    """Gives tokens of one account to the calls of one process. Logs nothing, shows nothing."""

    def __init__(self, database: Database, transport: Transport, clock: Clock, *, app_id: str, app_secret: str) -> None:
        self._database = database
        self._transport = transport
        self._clock = clock
        self._app_id = app_id
        self._app_secret = app_secret
        self._owner = secrets.token_hex(8)
        self._known: _Token | None = None
        self._running: asyncio.Task[_Token] | None = None

    async def get(self) -> str:
        """A token that should be good: from memory, from the row, or fetched.

        Raises:
            WeChatApiError: None is to be had. `sent` is False: nothing was done with it.
        """
        known = self._known
        if known is not None and known.expires_at > self._clock.now():
            return known.value
        return await self._another_than("")

    async def renew(self, refused: str) -> str:
        """Another token than the one that the platform has just refused.

        When another process has stored a newer one already, that is it, and nothing is fetched.

        Raises:
            WeChatApiError: None is to be had, or a forced refresh is needed and the last one is under 30 s old.
        """
        known = self._known
        if known is not None and known.value != refused and known.expires_at > self._clock.now():
            return known.value
        return await self._another_than(refused)

    async def _another_than(self, refused: str) -> str:
        while True:
            if self._running is None:
                self._running = asyncio.create_task(self._obtain(refused))
                self._running.add_done_callback(self._finished)
            token = await asyncio.shield(self._running)  # a caller that is cancelled does not stop the others' fetch
            if token.value != refused:
                return token.value
            # The fetch under way began before it could know of this refusal.

    def _finished(self, task: "asyncio.Task[_Token]") -> None:
        self._running = None
        if not task.cancelled() and task.exception() is None:
            self._known = task.result()

    async def _obtain(self, refused: str) -> _Token:
        give_up = time.monotonic() + _WAIT_S
        try:
            while True:
                stored = await self._database.read(_stored, self._app_id)
                if stored and stored.value != refused and stored.expires_at > self._clock.now():
                    return stored
                if await self._database.transaction(_claim, self._app_id, self._owner, refused, self._clock.now()):
                    return await self._fetch_and_publish(refused)
                if time.monotonic() > give_up:
                    raise WeChatApiError(None, "another process is fetching a token and does not end", Action.RETRY_LATER, sent=False)
                await asyncio.sleep(_POLL_S)
        except (StorageUnavailableError, DeadlineExceededError):
            raise WeChatApiError(None, "the database does not answer: no token", Action.RETRY_LATER, sent=False) from None

    async def _fetch_and_publish(self, refused: str) -> _Token:
        try:
            token = await self._fetch(force=False)
            if token.value == refused:  # the platform gives out what it refuses: only force helps, and force is rationed
                token = await self._force(refused)
            await self._database.transaction(_publish, self._app_id, self._owner, token, self._clock.now())
        except BaseException:
            await asyncio.shield(self._database.transaction(_release, self._app_id, self._owner, self._clock.now()))
            raise
        return token

    async def _force(self, refused: str) -> _Token:
        if await self._database.transaction(_may_force, self._app_id, self._owner, self._clock.now()):
            token = await self._fetch(force=True)
            if token.value != refused:
                return token
        words = "the token is refused, and the last forced refresh is less than 30 s old"
        raise WeChatApiError(None, words, Action.RETRY_LATER, sent=False)

    async def _fetch(self, *, force: bool) -> _Token:
        asked_at = self._clock.now()
        body = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._app_secret, "force_refresh": force}
        try:
            answer = await self._transport.post("/cgi-bin/stable_token", encode(body))
            token = required(answer, "access_token")
        except WeChatApiError as error:
            action = Action.ALARM if error.action is Action.REFRESH_TOKEN else error.action  # 40001 here: the secret is wrong
            raise WeChatApiError(error.errcode, f"no token: {error.errmsg}", action, sent=False) from None
        life = answer.get("expires_in")
        if not isinstance(life, int) or life <= 0 or len(token) > _LONGEST_TOKEN:
            raise WeChatApiError(None, "no usable token in the answer", Action.RETRY_LATER, sent=False)
        return _Token(token, asked_at + timedelta(seconds=life - min(_SPARE_S, life // 10)))


def _stored(session: Session, app_id: str) -> _Token | None:
    row = session.execute(select(WeChatToken.token, WeChatToken.expires_at).where(WeChatToken.app_id == app_id)).one_or_none()
    return _Token(row.token, row.expires_at) if row and row.token else None


def _claim(session: Session, app_id: str, owner: str, refused: str, now: datetime) -> bool:
    """Take the lease, unless someone has it or the row holds a good token already."""
    fresh = {"token": "", "expires_at": now, "leased_by": owner, "leased_until": now + LEASE, "forced_at": now - FORCE_PAUSE}
    claim = (
        update(WeChatToken)
        .where(WeChatToken.app_id == app_id, WeChatToken.leased_until <= now)
        .where(or_(WeChatToken.token == refused, WeChatToken.expires_at <= now))
        .values(leased_by=owner, leased_until=now + LEASE)
    )
    if _changed(session, claim):
        return True
    known = session.execute(select(WeChatToken.app_id).where(WeChatToken.app_id == app_id)).one_or_none()
    return known is None and insert_once(session, WeChatToken, {"app_id": app_id, **fresh})


def _may_force(session: Session, app_id: str, owner: str, now: datetime) -> bool:
    return _changed(
        session,
        update(WeChatToken)
        .where(WeChatToken.app_id == app_id, WeChatToken.leased_by == owner, WeChatToken.forced_at <= now - FORCE_PAUSE)
        .values(forced_at=now),
    )


def _publish(session: Session, app_id: str, owner: str, token: _Token, now: datetime) -> None:
    """Store the token and give the lease back. Whoever lost the lease stores nothing: another one has it by now."""
    session.execute(
        update(WeChatToken)
        .where(WeChatToken.app_id == app_id, WeChatToken.leased_by == owner)
        .values(token=token.value, expires_at=token.expires_at, leased_by="", leased_until=now)
    )


def _release(session: Session, app_id: str, owner: str, now: datetime) -> None:
    session.execute(
        update(WeChatToken).where(WeChatToken.app_id == app_id, WeChatToken.leased_by == owner).values(leased_by="", leased_until=now)
    )


def _changed(session: Session, statement: Update) -> bool:
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
