"""开发票: for an order that was paid; recorded with its title, worked off by the staff, and withdrawn while it is not written."""

from collections.abc import Mapping
from typing import Any

from bot.asking import ask_to_allow
from bot.dialogue.commands import Affirm, Ask, Cancel, Deny, SetSlot
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused, Weight
from bot.dialogue.flows import Flow, Slot, never
from bot.skill import Context, Skill
from bot.understanding.invoice_answers import (
    EMAIL,
    KIND,
    NO_TAX_NUMBER,
    NUMBER,
    ORDER,
    OTHER_TITLE,
    REQUEST_INVOICE,
    TITLE,
    WITHDRAW_INVOICE,
)
from bot.understanding.resolvers.invoice_details import PERSON, SPECIAL
from domain.checkout.looking import invoiceable_orders
from domain.invoices.errors import BadEmailError, BadTaxNumberError, BadTitleError, UnknownInvoiceError
from domain.invoices.rules import ASK_WITHIN, ISSUE_WITHIN, LONGEST_TITLE, needs_tax_number, read_email, read_tax_number, read_title
from domain.invoices.service import Invoiceable, asked_by, issued_to, request_invoice, requests_of, withdraw_invoice
from domain.kernel.money import yuan
from domain.kernel.said import day_said
from domain.messages.kinds import INVOICE_ISSUED

_MOST_OFFERED = 9  # orders to choose from, the newest
_NO_ORDER = "invoices.no_order"
_REQUEST = "invoice_request"


def _needs_number(said: Mapping[str, Any]) -> bool:
    return needs_tax_number(str(said.get("title") or ""))


def _title_refused(value: Any) -> str | None:
    return None if isinstance(value, str) and read_title(value) else "invoice_title_unclear"


def _number_refused(value: Any) -> str | None:
    return None if read_tax_number(str(value)) else "tax_number_wrong"


def _email_refused(value: Any) -> str | None:
    return None if read_email(str(value)) else "invoice_email_wrong"


def which_order(context: Context, args: Mapping[str, Any]) -> Answer:
    """Which order the invoice is for: the one that can have one, or those to choose from; nothing is asked where there is none."""
    orders = invoiceable_orders(context.session, context.diner_id, now=context.now)
    if not orders:
        return _none_left(context)
    if len(orders) == 1:
        asked = requests_of(context.session, [orders[0].order_id]).get(orders[0].order_id)
        told = (Prompt("invoice_asked_before", {"number": orders[0].number, "title": asked.title or ""}),) if asked else ()
        return Found(told, then=(SetSlot(ORDER, orders[0].order_id),))
    offers = tuple(Offer(_label(context, order), (SetSlot(ORDER, order.order_id),)) for order in orders[:_MOST_OFFERED])
    return Found((Prompt("ask_invoice_order", {"n": len(orders)}, offers),))


def ask_title(context: Context, args: Mapping[str, Any]) -> Answer:
    """What the invoice is to be made out to."""
    return Found((Prompt("ask_invoice_title", offers=(Offer(PERSON, (SetSlot(TITLE, PERSON),)),)),))


def read_back_invoice(context: Context, args: Mapping[str, Any]) -> Answer:
    """The order, the amount and the title, as they will be written."""
    order = _order(context, args)
    if order is None:
        return Refused(_NO_ORDER, {"days": ASK_WITHIN.days}, slot="order")
    title, number, email = args["title"], _number(args), args.get("email")
    if read_title(title) is None:
        return Refused(BadTitleError.code, {"longest": LONGEST_TITLE}, slot="title")
    if args.get("tax_number") and number is None:
        return Refused(BadTaxNumberError.code, slot="tax_number")
    if email and read_email(email) is None:
        return Refused(BadEmailError.code, slot="email")
    more = [f"{label} {value}" for label, value in (("税号", number), ("邮箱", email)) if value]
    more += ["要专票（请带上资料到店办理）"] if args.get("kind") == SPECIAL else []
    values = {
        "store": context.shop.known_stores[order.store_id].name,
        "number": order.number,
        "total": yuan(order.paid_fen),
        "title": title,
        "more": "".join(f"\n{line}" for line in more),
    }
    version = f"{order.order_id}|{order.paid_fen}|{title}|{number or ''}|{email or ''}|{args.get('kind') or ''}"
    offers = (Offer("确认开票", (Affirm(version),)), Offer("不开了", (Deny(),)))
    return Found((Prompt("read_back_invoice", values, offers),), version=version)


def ask_for_invoice(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: what was read back is recorded, and a task waits for the staff."""
    order = _order(context, args)
    if order is None:
        return Refused(_NO_ORDER, {"days": ASK_WITHIN.days})
    request_invoice(context.session, order, title=args["title"], tax_number=_number(args), email=args.get("email"), now=context.now)
    special = "专票请带上资料到店办理。" if args.get("kind") == SPECIAL else ""
    asked = Prompt("invoice_asked", {"number": order.number, "special": special})
    return Done((asked, *ask_to_allow(context, INVOICE_ISSUED, needed_at=context.now + ISSUE_WITHIN)))


def other_title(context: Context, args: Mapping[str, Any]) -> Answer:
    """「换个抬头」 names none: how to say it."""
    return Found((Prompt("ask_other_title", offers=(Offer(PERSON, (SetSlot(TITLE, PERSON),)),)),))


def no_tax_number(context: Context, args: Mapping[str, Any]) -> Answer:
    """「我不知道税号」: where it stands, and what goes without it."""
    return Found((Prompt("no_tax_number", offers=(Offer("开个人的", (SetSlot(TITLE, PERSON),)), Offer("先不开", (Cancel(),)))),))


def which_request(context: Context, args: Mapping[str, Any]) -> Answer:
    """Which request is withdrawn: the only one that is not written yet, or those to choose from."""
    asked = asked_by(context.session, context.diner_id)
    if not asked:
        return Refused(UnknownInvoiceError.code)
    if len(asked) == 1:
        return Found(then=(SetSlot(_REQUEST, asked[0].order_id),))
    offers = tuple(Offer(f"{one.number} {yuan(one.fen)}元", (SetSlot(_REQUEST, one.order_id),)) for one in asked[:_MOST_OFFERED])
    return Found((Prompt("ask_invoice_to_withdraw", offers=offers),))


def withdraw(context: Context, args: Mapping[str, Any]) -> Answer:
    """发票不要了: told with how to have it after all."""
    number = next((one.number for one in asked_by(context.session, context.diner_id) if one.order_id == args["order"]), "")
    withdraw_invoice(context.session, str(args["order"]), context.diner_id, now=context.now)
    return Done((Prompt("invoice_withdrawn", {"number": number}, (Offer("还是开发票", (Ask(REQUEST_INVOICE),)),)),))


def _none_left(context: Context) -> Refused:
    """Nothing can be invoiced: who asks after the invoice that is written gets it again."""
    issued = issued_to(context.session, context.diner_id)
    if issued is not None and issued.link and issued.settled_at and context.now - issued.settled_at < ASK_WITHIN:
        return Refused("invoices.issued_before", {"number": issued.number, "link": issued.link})
    return Refused(_NO_ORDER, {"days": ASK_WITHIN.days})


def _order(context: Context, args: Mapping[str, Any]) -> Invoiceable | None:
    """The order that was chosen, by its id or by its number as it was said; of several of a number the newest."""
    orders = invoiceable_orders(context.session, context.diner_id, now=context.now)
    said = str(args["order"])
    return next((order for order in orders if said in {order.order_id, order.number}), None)


def _number(args: Mapping[str, Any]) -> str | None:
    return read_tax_number(str(args["tax_number"])) if args.get("tax_number") else None


def _label(context: Context, order: Invoiceable) -> str:
    assert order.paid_at is not None
    day = day_said(order.paid_at.astimezone(context.shop.brand.zone))
    return f"{order.number} {day} {yuan(order.paid_fen)}元"


SKILL = Skill(
    intents={NO_TAX_NUMBER: no_tax_number, OTHER_TITLE: other_title},
    flows=(
        Flow(
            REQUEST_INVOICE,
            "开发票",
            act="ask_for_invoice",
            weight=Weight.WEIGHTY,
            read_back="read_back_invoice",
            slots=(
                Slot("order", "which_invoice_order", takes=ORDER, asks_by_query=True, title="单号"),
                Slot(
                    "title",
                    "ask_invoice_title",
                    takes=TITLE,
                    asks_by_query=True,
                    refuse=_title_refused,
                    title="抬头",
                    clears=("tax_number",),
                ),
                Slot("tax_number", "ask_tax_number", takes=NUMBER, required=_needs_number, refuse=_number_refused, title="税号"),
                Slot("email", "read_back_invoice", takes=EMAIL, required=never, refuse=_email_refused, title="邮箱"),
                Slot("kind", "read_back_invoice", takes=KIND, required=never, title="发票"),
            ),
            take_back=WITHDRAW_INVOICE,
        ),
        Flow(
            WITHDRAW_INVOICE,
            "撤回开票",
            act="withdraw_invoice",
            weight=Weight.SMALL,
            slots=(Slot("order", "which_invoice_request", takes=_REQUEST, asks_by_query=True, title="单号"),),
        ),
    ),
    effects={
        "which_invoice_order": which_order,
        "ask_invoice_title": ask_title,
        "read_back_invoice": read_back_invoice,
        "ask_for_invoice": ask_for_invoice,
        "which_invoice_request": which_request,
        "withdraw_invoice": withdraw,
    },
)
