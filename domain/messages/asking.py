"""When a diner is asked to allow a notice, and under which link: only when the message would otherwise have no sure way.

Source: RESTAURANT, Messages (one-time subscription consents); peers §2, §7 (d) 6 (asked at the moment of use).
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.messages.consent_links import consent_path
from domain.messages.consents import may_ask
from domain.messages.facts import Channels, templates_for
from domain.messages.kinds import NEEDS, Need
from domain.messages.models import MessageReach
from domain.messages.quotas import windows_of
from domain.messages.rules import REFUSAL_LASTS, TERMS


@dataclass(frozen=True, slots=True)
class Asking:
    """With what diners are asked.

    Attributes:
        key: Of domain.members.codes.signing_key: signs the links.
        channels: What this installation can send; without notices nobody is asked.
    """

    key: bytes = field(default=b"", repr=False)
    channels: Channels = field(default_factory=Channels)

    def link(self, session: Session, diner_id: str, kind: str, *, needed_at: datetime, now: datetime) -> str | None:
        """The path of the page that asks a diner to allow one notice, or None when they are not to be asked.

        Args:
            kind: Of the notice, one of domain.messages.kinds.
            needed_at: When the last message of the matter leaves at the latest, as far as anybody knows.
        """
        if not worth_asking(session, diner_id, kind, channels=self.channels, needed_at=needed_at, now=now):
            return None
        return consent_path(self.key, diner_id, (kind,), now=now)


def worth_asking(session: Session, diner_id: str, kind: str, *, channels: Channels, needed_at: datetime, now: datetime) -> bool:
    """Whether asking a diner to allow a notice helps them: nothing else is sure to reach them when it is needed.

    Sure is a window of customer messages that is still open then, with more left in it than the matter's other messages may use up
    and its purpose keeps for what is more urgent; or a template message that the account has and the diner takes. Nobody is
    asked who has a consent left, or said no within seven days. What the diner writes later opens the window again, but
    nobody can count on that. Only reads.

    Args:
        kind: Of the notice, one of domain.messages.kinds.
        channels: What this installation can send.
        needed_at: When the last message of the matter leaves at the latest, as far as anybody knows.
    """
    need = NEEDS.get(kind)
    if need is None or kind not in channels.notices or not may_ask(session, diner_id, kind, now=now):
        return False
    return not (_window_does(session, diner_id, need, needed_at) or _template_does(session, diner_id, kind, need, channels, now=now))


def _window_does(session: Session, diner_id: str, need: Need, needed_at: datetime) -> bool:
    left = sum(remaining for _, remaining, ends_at in windows_of(session, diner_id) if ends_at > needed_at)
    return left > need.before + TERMS[need.purpose].keeps


def _template_does(session: Session, diner_id: str, kind: str, need: Need, channels: Channels, *, now: datetime) -> bool:
    if kind not in channels.templates or templates_for(need.purpose, channels) < 1:
        return False
    refused_at = session.execute(select(MessageReach.templates_refused_at).where(MessageReach.diner_id == diner_id)).scalar()
    return refused_at is None or now - refused_at >= REFUSAL_LASTS
