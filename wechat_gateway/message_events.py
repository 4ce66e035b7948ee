"""Pushes about messages: how a template message or a notice ended, and what the diner allows. Each is taken in once.

Source: reference wechat §1.1, §1.4. The wrapper of the lists may be missing or carry another event's name, and one item may
stand alone: every `List` found is read.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from bot.inbox import inbox_key
from domain.kernel.clock import Clock
from domain.members.service import find_diner
from domain.members.vault import Vault
from domain.messages.consents import accept_notice, refuse_notice
from domain.messages.feedback import ReportTooEarlyError, hold_report, notice_reported, template_reported
from domain.messaging.models import InboxMessage, InboxState
from domain.storage import Database, insert_once
from wechat_gateway.push import Push
from wechat_gateway.push_types import EventType
from wechat_gateway.templates import Template
from wechat_gateway.xml import Fields, FieldValue

KINDS: Final = frozenset(
    {
        EventType.TEMPLATE_SEND_JOB_FINISH,
        EventType.SUBSCRIBE_MSG_POPUP,
        EventType.SUBSCRIBE_MSG_CHANGE,
        EventType.SUBSCRIBE_MSG_SENT,
    }
)
_MOST_ITEMS = 20  # the platform asks for three at once
_ACCEPTED: Final = frozenset({"accept", "acceptWithAudio", "acceptWithAlert"})


class MessageEvents:
    """Takes in what the platform reports."""

    def __init__(self, database: Database, clock: Clock, vault: Vault, *, notices: Mapping[str, Template]) -> None:
        """Args:
        notices: Kind of a message -> the account's subscription notice for it.
        """
        self._database = database
        self._clock = clock
        self._vault = vault
        self._kinds = {notice.id: kind for kind, notice in notices.items()}

    async def take_in(self, push: Push) -> None:
        """Write down what a push says.

        Raises:
            StorageUnavailableError, DeadlineExceededError: No database: the platform must push it again.
        """
        await self._database.transaction(self._record, push)

    def _record(self, session: Session, push: Push) -> None:
        now = self._clock.now()
        diner_id = find_diner(session, self._vault.digest(push.from_user))
        if diner_id is None:
            return
        row = {"key": inbox_key(push.dedupe_key), "diner_id": diner_id, "state": InboxState.ANSWERED.value, "received_at": now}
        if not insert_once(session, InboxMessage, row):
            return
        if push.kind is EventType.TEMPLATE_SEND_JOB_FINISH:
            self._template_reported(session, diner_id, _text(push.fields, "MsgID"), _text(push.fields, "Status"), now=now)
            return
        for item in _items(push.fields):
            kind = self._kinds.get(_text(item, "TemplateId"))
            if kind is None:
                continue  # a notice of the account that is none of ours
            if push.kind is EventType.SUBSCRIBE_MSG_SENT:
                notice_reported(session, diner_id, kind, _text(item, "ErrorCode"), now=now)
                continue
            status = _text(item, "SubscribeStatusString")
            if status in _ACCEPTED:
                if push.kind is EventType.SUBSCRIBE_MSG_POPUP:
                    accept_notice(session, diner_id, kind)
            elif status:
                refuse_notice(session, diner_id, kind, for_good=push.kind is EventType.SUBSCRIBE_MSG_CHANGE, now=now)

    def _template_reported(self, session: Session, diner_id: str, platform_id: str, status: str, *, now: datetime) -> None:
        try:
            template_reported(session, diner_id, platform_id, status, now=now)
        except ReportTooEarlyError:
            hold_report(session, diner_id, platform_id, status, now=now)


def _items(fields: FieldValue) -> Iterator[Fields]:
    """The items of every list below, in their order."""
    found = 0
    for item in _lists(fields):
        if isinstance(item, dict):
            found += 1
            if found > _MOST_ITEMS:
                return
            yield item


def _lists(fields: FieldValue) -> Iterator[FieldValue]:
    if not isinstance(fields, dict):
        return
    for name, value in fields.items():
        if name == "List":
            yield from value if isinstance(value, list) else [value]
        else:
            yield from _lists(value)


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else ""
