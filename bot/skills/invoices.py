"""开发票: for the last order paid; recorded with its title, and worked off by the staff."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Affirm, Deny, SetSlot
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused, Weight
from bot.dialogue.flows import Flow, Slot, never
from bot.skill import Context, Skill
from bot.understanding.resolvers.invoice_details import InvoiceDetails, read_invoice_details
from domain.checkout.looking import invoiceable
from domain.invoices.errors import BadTitleError
from domain.invoices.rules import LONGEST_TITLE, needs_tax_number, read_email, read_tax_number, read_title
from domain.invoices.service import request_invoice
from domain.kernel.money import yuan

PERSONAL = "个人"


def _needs_number(said: Mapping[str, Any]) -> bool:
    details = _details(said)
    return details.tax_number is None and details.title is not None and needs_tax_number(details.title)


def _number_refused(value: Any) -> str | None:
    details = read_invoice_details(str(value))
    return None if read_tax_number(details.tax_number or str(value)) else "tax_number_wrong"


def ask_title(context: Context, args: Mapping[str, Any]) -> Answer:
    """What the invoice is to be made out to; nothing is asked where there is nothing to be invoiced."""
    order = invoiceable(context.session, context.diner_id)
    if order is None:
        return Refused("invoices.no_order")
    return Found((Prompt("ask_invoice_title", offers=(Offer(PERSONAL, (SetSlot("title", PERSONAL),)),)),))


def read_back_invoice(context: Context, args: Mapping[str, Any]) -> Answer:
    """The order, the amount and the title, as they will be written."""
    order = invoiceable(context.session, context.diner_id)
    if order is None:
        return Refused("invoices.no_order")
    details = _details(args)
    if details.title is None or read_title(details.title) is None:
        return Refused(BadTitleError.code, {"longest": LONGEST_TITLE}, slot="title")
    values = {
        "store": context.shop.known_stores[order.store_id].name,
        "number": order.number,
        "total": yuan(order.paid_fen),
        "title": details.title,
        "more": "".join(f"\n{label} {value}" for label, value in (("税号", details.tax_number), ("邮箱", details.email)) if value),
    }
    version = f"{order.order_id}|{details.title}|{details.tax_number or ''}|{details.email or ''}"
    offers = (Offer("确认开票", (Affirm(version),)), Offer("不开了", (Deny(),)))
    return Found((Prompt("read_back_invoice", values, offers),), version=version)


def ask_for_invoice(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: what was read back is recorded, and a task waits for the staff."""
    order = invoiceable(context.session, context.diner_id)
    if order is None:
        return Refused("invoices.no_order")
    details = _details(args)
    request_invoice(context.session, order, title=details.title or "", tax_number=details.tax_number, email=details.email, now=context.now)
    return Done((Prompt("invoice_asked", {"number": order.number, "special": "专票请带上资料到店办理。" if args.get("special") else ""}),))


def _details(args: Mapping[str, Any]) -> InvoiceDetails:
    """What was said of the invoice: in one message, or slot by slot, where an answer may say more than was asked."""
    answers = [read_invoice_details(str(args[name])) for name in ("title", "tax_number") if args.get(name)]
    title = next((answer.title for answer in answers if answer.title), None) or (str(args["title"]) if args.get("title") else None)
    said = [args.get("tax_number"), *(answer.tax_number for answer in answers)]
    number = next((read for words in said if words and (read := read_tax_number(str(words)))), None)
    mails = [args.get("email"), *(answer.email for answer in answers)]
    email = next((read for words in mails if words and (read := read_email(str(words)))), None)
    return InvoiceDetails(title, number, email)


SKILL = Skill(
    flows=(
        Flow(
            "request_invoice",
            "开发票",
            act="ask_for_invoice",
            weight=Weight.WEIGHTY,
            read_back="read_back_invoice",
            slots=(
                Slot("title", "ask_invoice_title", takes="words", asks_by_query=True, title="抬头"),
                Slot("tax_number", "ask_tax_number", takes="words", required=_needs_number, refuse=_number_refused, title="税号"),
                Slot("email", "read_back_invoice", takes="email", required=never, title="邮箱"),
            ),
        ),
    ),
    effects={"ask_invoice_title": ask_title, "read_back_invoice": read_back_invoice, "ask_for_invoice": ask_for_invoice},
)
