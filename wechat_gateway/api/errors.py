"""What the platform's error codes mean, and what to do about each. Source: reference wechat §1.10.

WeChatApiError      a call was answered with an error code, or not answered at all
"""

from enum import StrEnum
from typing import NamedTuple


class Action(StrEnum):
    """What to do after a failed call."""

    RETRY_LATER = "retry_later"  # again after a while, with backoff
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the client does this itself, once
    ALARM = "alarm"  # settings, permission or template: a person must act; no retry
    UNREACHABLE = "unreachable"  # this diner cannot be written to
    STOP_KIND = "stop_kind"  # this diner refuses this kind of message
    WINDOW_CLOSED = "window_closed"  # no customer messages now: use a template or let it be
    QUOTA_USED = "quota_used"  # wait for the diner's next message
    DAY_LIMIT = "day_limit"  # stop until midnight, Beijing time
    SUCCESS = "success"  # done already under the same key
    REUPLOAD = "reupload"  # the media id has expired: upload once more
    SPLIT = "split"  # too long, or too many articles
    RESTART_LOGIN = "restart_login"  # OAuth code bad, used or expired


class ErrorCode(NamedTuple):
    """One line of the table."""

    meaning: str
    action: Action


ERROR_TABLE: dict[int, ErrorCode] = {
    -1: ErrorCode("the platform is busy", Action.RETRY_LATER),
    40001: ErrorCode("token bad or no longer the latest", Action.REFRESH_TOKEN),
    40014: ErrorCode("token bad", Action.REFRESH_TOKEN),
    42001: ErrorCode("token expired", Action.REFRESH_TOKEN),
    40013: ErrorCode("app id unknown", Action.ALARM),
    40125: ErrorCode("app secret wrong", Action.ALARM),
    40164: ErrorCode("our IP address is not on the account's whitelist", Action.ALARM),
    41002: ErrorCode("app id missing", Action.ALARM),
    41003: ErrorCode("refresh token missing", Action.ALARM),
    41004: ErrorCode("app secret missing", Action.ALARM),
    40003: ErrorCode("openid unknown to this account", Action.UNREACHABLE),
    40031: ErrorCode("openid list bad", Action.UNREACHABLE),
    40032: ErrorCode("openid list too long or too short", Action.UNREACHABLE),
    43004: ErrorCode("does not follow the account", Action.UNREACHABLE),
    50005: ErrorCode("does not follow the account", Action.UNREACHABLE),
    43019: ErrorCode("blocked by the diner, or the diner by us", Action.STOP_KIND),
    48002: ErrorCode("the diner receives no messages of the account", Action.STOP_KIND),
    43101: ErrorCode("the diner refuses this message", Action.STOP_KIND),
    45015: ErrorCode("the window for customer messages is closed", Action.WINDOW_CLOSED),
    45047: ErrorCode("the customer messages of this window are used up", Action.QUOTA_USED),
    45009: ErrorCode("the day's limit of this call is reached", Action.DAY_LIMIT),
    45011: ErrorCode("the minute's limit of this call is reached", Action.RETRY_LATER),
    45028: ErrorCode("no mass messages left", Action.DAY_LIMIT),
    45065: ErrorCode("sent already under this clientmsgid", Action.SUCCESS),
    45066: ErrorCode("repeated too soon under this clientmsgid", Action.RETRY_LATER),
    45067: ErrorCode("clientmsgid too long", Action.ALARM),
    40007: ErrorCode("media id expired or unknown", Action.REUPLOAD),
    40033: ErrorCode("escaped characters in the body", Action.ALARM),
    40036: ErrorCode("template id length wrong", Action.ALARM),
    40037: ErrorCode("template id unknown", Action.ALARM),
    40039: ErrorCode("url length wrong", Action.ALARM),
    40249: ErrorCode("marketing content in a template message", Action.ALARM),
    43116: ErrorCode("template disabled", Action.ALARM),
    47003: ErrorCode("a field of the template breaks its form", Action.ALARM),
    48001: ErrorCode("the account has no permission for this call", Action.ALARM),
    48004: ErrorCode("this call is banned for the account", Action.ALARM),
    48006: ErrorCode("no quota resets left this month", Action.ALARM),
    45002: ErrorCode("text too long", Action.SPLIT),
    45008: ErrorCode("too many articles", Action.SPLIT),
    40029: ErrorCode("OAuth code bad", Action.RESTART_LOGIN),
    40163: ErrorCode("OAuth code used already", Action.RESTART_LOGIN),
    42003: ErrorCode("OAuth code expired", Action.RESTART_LOGIN),
}


def action_for(errcode: int) -> Action:
    """What to do about a code. One that the table does not know needs a person."""
    known = ERROR_TABLE.get(errcode)
    return known.action if known else Action.ALARM


class WeChatApiError(Exception):
    """A call that did not succeed.

    Attributes:
        errcode: The platform's code; None when it gave none (no connection, no answer, no JSON).
        errmsg: The platform's words (with the rid that its support asks for) or ours. Never holds a token.
        action: What to do.
        sent: Whether it happened all the same: False surely not, True surely, None nobody knows (the request went
            out and no usable answer came back).
    """

    def __init__(self, errcode: int | None, errmsg: str, action: Action, sent: bool | None) -> None:
        known = ERROR_TABLE.get(errcode) if errcode is not None else None
        super().__init__(f"{errcode if errcode is not None else 'no answer'}: {known.meaning + ': ' if known else ''}{errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg
        self.action = action
        self.sent = sent
