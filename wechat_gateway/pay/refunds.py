"""The `refunds` consumer: has the provider give money back, and writes down how it ended.

`sending` is committed before the call (ARCHITECTURE, decision 11): what is found in it later was interrupted, and is
repeated under its own number, which the provider knows if it took it.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from domain.kernel.clock import Clock
from domain.messaging.deliveries import Claimed
from domain.messaging.worker import TryAgainAtError
from domain.payments.refunds import (
    RefundOrder,
    depart_refund,
    refund_done,
    refund_failed,
    refund_not_taken,
    refund_unclear,
)
from domain.payments.rules import repeat_delay
from domain.storage import Database
from wechat_gateway.pay.provider import ProviderBusyError, RefundFailureError, RefundProvider, RefundRefusedError, RefundUnclearError

_CALL = 20.0  # seconds; well inside a delivery's lease
_AGAIN = timedelta(minutes=1)  # a busy provider. Source: WeChat Pay, refunds of one payment stand a minute apart


class RefundSender:
    """Gives money back through the provider that took it."""

    def __init__(self, database: Database, clock: Clock, providers: Mapping[str, RefundProvider]) -> None:
        """Args:
        providers: Method of a payment -> who gives it back. Of any other method (cash, card) staff give it back by hand.
        """
        self._database = database
        self._clock = clock
        self._providers = providers
        self._log = structlog.get_logger("refunds")

    async def __call__(self, claimed: Claimed) -> None:
        """Send one refund. Raises: TryAgainAtError: it must be sent once more, under the same number."""
        order = await self._database.transaction(self._depart, claimed)
        if order is None:
            return
        log = self._log.bind(refund=order.refund_id, payment=order.payment_id, tries=order.tries)
        try:
            external_no = await self._send(order)
        except ProviderBusyError as busy:
            log.warning("refund.busy", fault=busy.fault)
            await self._database.transaction(refund_not_taken, order.refund_id)
            raise TryAgainAtError(self._clock.now() + _AGAIN) from None
        except RefundUnclearError as unclear:
            log.warning("refund.unclear", fault=unclear.fault)
            if await self._database.transaction(self._unclear, claimed, order, unclear.fault):
                raise TryAgainAtError(self._clock.now() + repeat_delay(order.tries)) from None
        except RefundRefusedError as refused:
            log.error("refund.failed", fault=refused.fault)  # an alarm: a diner is owed money
            await self._database.transaction(self._fail, claimed, order, refused.fault)
        else:
            await self._database.transaction(self._done, claimed, order, external_no)
            log.info("refund.done")

    async def _send(self, order: RefundOrder) -> str:
        provider = self._providers.get(order.method)
        if provider is None:
            raise RefundRefusedError(f"by_hand:{order.method}")
        try:
            async with asyncio.timeout(_CALL):
                return await provider.refund(order)
        except TimeoutError:
            raise RefundUnclearError("no_answer") from None
        except RefundFailureError:
            raise
        except Exception as error:  # a fault of ours or theirs that nobody thought of: it may have been taken
            self._log.exception("refund.fault", refund=order.refund_id)
            raise RefundUnclearError(type(error).__name__) from error

    def _depart(self, session: Session, claimed: Claimed) -> RefundOrder | None:
        now = self._clock.now()
        order = depart_refund(session, claimed.payload["refund_id"])
        if order is None:
            claimed.settle(session, now=now)
        return order

    def _done(self, session: Session, claimed: Claimed, order: RefundOrder, external_no: str) -> None:
        now = self._clock.now()
        refund_done(session, order.refund_id, external_no=external_no, now=now)
        claimed.settle(session, now=now)

    def _fail(self, session: Session, claimed: Claimed, order: RefundOrder, fault: str) -> None:
        now = self._clock.now()
        refund_failed(session, order.refund_id, fault=fault, now=now)
        claimed.settle(session, now=now)

    def _unclear(self, session: Session, claimed: Claimed, order: RefundOrder, fault: str) -> bool:
        now = self._clock.now()
        if refund_unclear(session, order.refund_id, fault=fault, now=now):
            return True
        claimed.settle(session, now=now)
        return False
