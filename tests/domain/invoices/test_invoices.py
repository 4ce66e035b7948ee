"""An invoice is asked for once an order, written by staff, and forgotten in time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.invoices.errors import (
    AskedByAnotherError,
    BadEmailError,
    BadInvoiceLinkError,
    BadTaxNumberError,
    BadTitleError,
    InvoiceAlreadyIssuedError,
    InvoiceTooLateError,
    NothingToInvoiceError,
    TaxNumberNeededError,
    UnknownInvoiceError,
)
from domain.invoices.models import InvoiceRequest
from domain.invoices.rules import ASK_WITHIN, FORGOTTEN_AFTER
from domain.invoices.service import (
    Invoiceable,
    asked_by,
    find_invoice,
    forget_invoices,
    invoice_done,
    paid_less,
    request_invoice,
    requests_of,
    withdraw_invoice,
)
from domain.kernel.errors import DomainError
from domain.kernel.money import Fen
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messaging.models import OutboxEvent
from domain.staff.tasks import list_tasks
from domain.storage import Database
from tests.clock import SettableClock

COMPANY, NUMBER = "成都好味餐饮有限公司", "9144030071526726XG"
LINK = "https://dppt.sichuan.chinatax.gov.cn/v/1"
VAULT = Vault(b"s" * 32)


@pytest.fixture
async def order(database: Database, clock: SettableClock) -> Invoiceable:
    """An order of 94 yuan, paid now."""
    diner = await database.transaction(meet_diner, VAULT, "o1", now=clock.now())
    return Invoiceable("O1", diner, "0087", Fen(9400), clock.now(), "chunxi")


@pytest.fixture
async def companion(database: Database, clock: SettableClock, order: Invoiceable) -> Invoiceable:
    """The same order, found for another diner of the table."""
    return replace(order, diner_id=await database.transaction(meet_diner, VAULT, "o2", now=clock.now()))


def ask(session, order: Invoiceable, clock: SettableClock, title: str = "张三", number: str | None = None, email: str | None = None):
    return request_invoice(session, order, title=title, tax_number=number, email=email, now=clock.now())


def done(session, invoice_id: str, clock: SettableClock, link: str = LINK) -> bool:
    return invoice_done(session, invoice_id, link=link, by="staff1", now=clock.now())


def events(session) -> list[str]:
    return list(session.execute(select(OutboxEvent.name).order_by(OutboxEvent.id)).scalars())


async def test_an_invoice_is_asked_for_and_becomes_a_task_of_the_store(
    database: Database, clock: SettableClock, order: Invoiceable
) -> None:
    asked = await database.transaction(ask, order, clock, f" {COMPANY} ", NUMBER.lower(), "wang@example.com")

    assert (asked.title, asked.tax_number, asked.email, asked.fen, asked.state) == (COMPANY, NUMBER, "wang@example.com", 9400, "asked")
    [task] = await database.read(list_tasks)
    assert (task.kind, task.subject, task.store_id, task.text) == ("invoice", asked.id, "chunxi", "单号0087要开发票")
    assert COMPANY not in task.text
    assert await database.read(events) == ["invoice_requested"]


@pytest.mark.parametrize(
    ("title", "number", "email", "refusal"),
    [
        ("123", None, None, BadTitleError),
        (COMPANY, None, None, TaxNumberNeededError),
        (COMPANY, "9144030071526726XA", None, BadTaxNumberError),
        ("张三", "1234", None, BadTaxNumberError),
        ("张三", None, "wang@", BadEmailError),
    ],
)
async def test_what_cannot_be_written_is_refused_and_nothing_is_kept(
    database: Database,
    clock: SettableClock,
    order: Invoiceable,
    title: str,
    number: str | None,
    email: str | None,
    refusal: type[DomainError],
) -> None:
    with pytest.raises(refusal):
        await database.transaction(ask, order, clock, title, number, email)
    assert await database.read(find_invoice, "O1") is None
    assert await database.read(list_tasks) == []


async def test_only_what_is_paid_and_not_given_back_is_invoiced(database: Database, clock: SettableClock, order: Invoiceable) -> None:
    for nothing in (replace(order, paid_at=None), replace(order, paid_fen=Fen(0))):
        with pytest.raises(NothingToInvoiceError):
            await database.transaction(ask, nothing, clock)
    clock.advance(ASK_WITHIN + timedelta(seconds=1))
    with pytest.raises(InvoiceTooLateError):
        await database.transaction(ask, order, clock)


async def test_many_copies_of_one_wish_are_one_request_and_one_task(database: Database, clock: SettableClock, order: Invoiceable) -> None:
    asked = await asyncio.gather(*(database.transaction(ask, order, clock) for _ in range(20)))

    assert len({request.id for request in asked}) == 1
    assert len(await database.read(list_tasks)) == 1


async def test_until_it_is_written_whoever_asked_may_change_it(database: Database, clock: SettableClock, order: Invoiceable) -> None:
    asked = await database.transaction(ask, order, clock, COMPANY, NUMBER, "wang@example.com")
    clock.advance(minutes=1)
    changed = await database.transaction(ask, replace(order, paid_fen=Fen(9000)), clock, "张三")

    assert (changed.id, changed.title, changed.tax_number, changed.email, changed.fen) == (asked.id, "张三", None, None, 9000)
    assert len(await database.read(list_tasks)) == 1


async def test_two_of_one_table_who_ask_at_once_get_one_invoice(
    database: Database, clock: SettableClock, order: Invoiceable, companion: Invoiceable
) -> None:
    asked = await asyncio.gather(
        *(database.transaction(ask, who, clock) for who in (order, companion) for _ in range(5)), return_exceptions=True
    )

    assert sum(isinstance(one, InvoiceRequest) for one in asked) == 5
    assert sum(isinstance(one, AskedByAnotherError) for one in asked) == 5
    assert len(await database.read(list_tasks)) == 1


async def test_staff_write_it_once_and_it_no_longer_changes(database: Database, clock: SettableClock, order: Invoiceable) -> None:
    asked = await database.transaction(ask, order, clock)
    written = await asyncio.gather(*(database.transaction(done, asked.id, clock) for _ in range(10)))

    assert written.count(True) == 1
    issued = await database.read(find_invoice, "O1")
    assert (issued.state, issued.link, issued.done_by, issued.settled_at) == ("done", LINK, "staff1", clock.now())
    assert await database.read(list_tasks) == []
    assert await database.read(events) == ["invoice_requested", "invoice_issued"]
    with pytest.raises(InvoiceAlreadyIssuedError):
        await database.transaction(ask, order, clock, "李四")
    with pytest.raises(InvoiceAlreadyIssuedError):
        await database.transaction(done, asked.id, clock, LINK + "2")
    with pytest.raises(InvoiceAlreadyIssuedError):
        await database.transaction(withdraw_invoice, "O1", order.diner_id, now=clock.now())


async def test_a_link_that_is_not_safe_issues_nothing(database: Database, clock: SettableClock, order: Invoiceable) -> None:
    asked = await database.transaction(ask, order, clock)
    with pytest.raises(BadInvoiceLinkError):
        await database.transaction(done, asked.id, clock, "http://a.cn/1")
    with pytest.raises(UnknownInvoiceError):
        await database.transaction(done, "01NOSUCHINVOICE00000000000", clock)
    assert (await database.read(find_invoice, "O1")).state == "asked"


async def test_a_withdrawn_request_may_be_made_again_by_anyone_of_the_table(
    database: Database, clock: SettableClock, order: Invoiceable, companion: Invoiceable
) -> None:
    asked = await database.transaction(ask, order, clock)
    with pytest.raises(UnknownInvoiceError):
        await database.transaction(withdraw_invoice, "O1", companion.diner_id, now=clock.now())
    assert [request.id for request in await database.read(asked_by, order.diner_id)] == [asked.id]
    assert (await database.read(requests_of, ["O1", "O2"])).keys() == {"O1"}
    await database.transaction(withdraw_invoice, "O1", order.diner_id, now=clock.now())
    assert await database.read(asked_by, order.diner_id) == []
    assert await database.read(requests_of, ["O1"]) == {}
    assert await database.read(list_tasks) == []
    with pytest.raises(UnknownInvoiceError):
        await database.transaction(done, asked.id, clock)
    clock.advance(minutes=1)
    again = await database.transaction(ask, companion, clock, "李四")

    assert (again.id, again.diner_id, again.state, again.title, again.settled_at) == (asked.id, companion.diner_id, "asked", "李四", None)
    assert len(await database.read(list_tasks)) == 1


async def test_a_refund_before_it_is_written_lowers_it_or_ends_it(database: Database, clock: SettableClock, order: Invoiceable) -> None:
    await database.transaction(ask, order, clock)
    await database.transaction(paid_less, "O1", Fen(6400), key="r1", now=clock.now())
    assert (await database.read(find_invoice, "O1")).fen == 6400
    await database.transaction(paid_less, "O1", Fen(0), key="r2", now=clock.now())
    assert (await database.read(find_invoice, "O1")).state == "withdrawn"
    assert await database.read(list_tasks) == []
    await database.transaction(paid_less, "O2", Fen(0), key="r3", now=clock.now())


async def test_a_refund_of_an_issued_invoice_makes_one_task_to_reverse_it(
    database: Database, clock: SettableClock, order: Invoiceable
) -> None:
    asked = await database.transaction(ask, order, clock)
    await database.transaction(done, asked.id, clock)
    for _ in range(3):
        await database.transaction(paid_less, "O1", Fen(6400), key="r1", now=clock.now())
    await database.transaction(paid_less, "O1", Fen(0), key="r2", now=clock.now())

    texts = [task.text for task in await database.read(list_tasks)]
    assert texts == ["单号0087已开票后退款，请红冲原发票，按64.00元重开", "单号0087已开票后退款，请红冲原发票"]


async def test_whose_it_was_is_forgotten_30_days_after_it_was_issued(database: Database, clock: SettableClock, order: Invoiceable) -> None:
    open_one = await database.transaction(ask, replace(order, order_id="O2"), clock, COMPANY, NUMBER, "wang@example.com")
    asked = await database.transaction(ask, order, clock, COMPANY, NUMBER, "wang@example.com")
    await database.transaction(done, asked.id, clock)

    clock.advance(FORGOTTEN_AFTER)
    await database.transaction(forget_invoices, now=clock.now())
    assert (await database.read(find_invoice, "O1")).title == COMPANY
    clock.advance(seconds=1)
    await database.transaction(forget_invoices, now=clock.now())

    forgotten = await database.read(find_invoice, "O1")
    assert (forgotten.title, forgotten.tax_number, forgotten.email, forgotten.link) == (None, None, None, LINK)
    assert (await database.read(find_invoice, "O2")).title == open_one.title == COMPANY
