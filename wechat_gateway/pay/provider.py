"""What a provider that gives money back can do, and how it can fail.

RefundFailureError         the refund did not go through, or nobody knows
├── RefundUnclearError     no clear answer: repeat it under the same number
├── ProviderBusyError      surely not taken: later
└── RefundRefusedError     refused: a member of staff must act
"""

from typing import Protocol

from domain.payments.refunds import RefundOrder


class RefundFailureError(Exception):
    """A refund is not done. `fault` is the provider's own code."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class RefundUnclearError(RefundFailureError):
    """Nobody knows: no answer, an error of theirs, or taken and not finished. Asking again under the number tells."""


class ProviderBusyError(RefundFailureError):
    """They surely did not take it: too many calls, another refund of this payment a moment ago."""


class RefundRefusedError(RefundFailureError):
    """They say no, and will say no again until somebody does something about it."""


class RefundProvider(Protocol):
    """Gives money back the way it came."""

    async def refund(self, order: RefundOrder) -> str:
        """Give money back, once for each `refund_id`, however often it is asked.

        Returns:
            The provider's own number of the finished refund; the same for every try.

        Raises:
            RefundUnclearError, ProviderBusyError, RefundRefusedError.
        """
        ...
