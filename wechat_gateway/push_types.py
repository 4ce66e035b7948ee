"""The names of every message and event that the platform pushes to a service account.

Source: reference wechat §1.1; the families of cards, product scans and invoices as the official pages list them.
"""

from enum import StrEnum


class MessageType(StrEnum):
    """What a diner sends."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    SHORTVIDEO = "shortvideo"
    LOCATION = "location"
    LINK = "link"
    MINIPROGRAMPAGE = "miniprogrampage"


class EventType(StrEnum):
    """What happens around a diner or the account."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SCAN = "SCAN"
    LOCATION = "LOCATION"  # pushed position; a place that a diner sends is MessageType.LOCATION
    CLICK = "CLICK"
    VIEW = "VIEW"
    SCANCODE_PUSH = "scancode_push"
    SCANCODE_WAITMSG = "scancode_waitmsg"
    PIC_SYSPHOTO = "pic_sysphoto"
    PIC_PHOTO_OR_ALBUM = "pic_photo_or_album"
    PIC_WEIXIN = "pic_weixin"
    LOCATION_SELECT = "location_select"
    VIEW_MINIPROGRAM = "view_miniprogram"
    TEMPLATE_SEND_JOB_FINISH = "TEMPLATESENDJOBFINISH"
    MASS_SEND_JOB_FINISH = "MASSSENDJOBFINISH"
    PUBLISH_JOB_FINISH = "PUBLISHJOBFINISH"
    SUBSCRIBE_MSG_POPUP = "subscribe_msg_popup_event"
    SUBSCRIBE_MSG_CHANGE = "subscribe_msg_change_event"
    SUBSCRIBE_MSG_SENT = "subscribe_msg_sent_event"
    KF_CREATE_SESSION = "kf_create_session"
    KF_CLOSE_SESSION = "kf_close_session"
    KF_SWITCH_SESSION = "kf_switch_session"
    USER_INFO_MODIFIED = "user_info_modified"
    USER_AUTHORIZATION_REVOKE = "user_authorization_revoke"
    USER_AUTHORIZATION_CANCELLATION = "user_authorization_cancellation"
    CARD_PASS_CHECK = "card_pass_check"  # noqa: S105 - an event, no password
    CARD_NOT_PASS_CHECK = "card_not_pass_check"  # noqa: S105 - an event, no password
    USER_GET_CARD = "user_get_card"
    USER_GIFTING_CARD = "user_gifting_card"
    USER_DEL_CARD = "user_del_card"
    USER_CONSUME_CARD = "user_consume_card"
    USER_PAY_FROM_PAY_CELL = "user_pay_from_pay_cell"
    USER_VIEW_CARD = "user_view_card"
    USER_ENTER_SESSION_FROM_CARD = "user_enter_session_from_card"
    UPDATE_MEMBER_CARD = "update_member_card"
    CARD_SKU_REMIND = "card_sku_remind"
    CARD_PAY_ORDER = "card_pay_order"
    SUBMIT_MEMBERCARD_USER_INFO = "submit_membercard_user_info"
    QUALIFICATION_VERIFY_SUCCESS = "qualification_verify_success"
    QUALIFICATION_VERIFY_FAIL = "qualification_verify_fail"
    NAMING_VERIFY_SUCCESS = "naming_verify_success"
    NAMING_VERIFY_FAIL = "naming_verify_fail"
    ANNUAL_RENEW = "annual_renew"
    VERIFY_EXPIRED = "verify_expired"
    USER_SCAN_PRODUCT = "user_scan_product"
    USER_SCAN_PRODUCT_ENTER_SESSION = "user_scan_product_enter_session"
    USER_SCAN_PRODUCT_ASYNC = "user_scan_product_async"
    USER_SCAN_PRODUCT_VERIFY_ACTION = "user_scan_product_verify_action"
    USER_AUTHORIZE_INVOICE = "user_authorize_invoice"
    UPDATE_INVOICE_STATUS = "update_invoice_status"
    SUBMIT_INVOICE_TITLE = "submit_invoice_title"


_MESSAGES = {kind.value: kind for kind in MessageType}
_EVENTS = {kind.value.lower(): kind for kind in EventType if kind is not EventType.LOCATION}


def kind_of(msg_type: str, event: str) -> MessageType | EventType | None:
    """The known type behind the names of a push, or None.

    Events are compared without case, because the platform's own pages differ; only LOCATION must stand exactly so.
    """
    if msg_type != "event":
        return _MESSAGES.get(msg_type)
    return EventType.LOCATION if event == EventType.LOCATION else _EVENTS.get(event.lower())
