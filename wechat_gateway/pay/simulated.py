"""The simulated provider: takes the button on the bill page for money, and gives it back. Never with the real platform."""

from domain.kernel.money import Fen
from domain.payments.refunds import RefundOrder
from wechat_gateway.pay.provider import RefundRefusedError

SIMULATED = "simulated"


class SimulatedRefunds:
    """Gives back at once. Its number comes from ours alone, so a process that was killed and starts again gets the same answer.

    What it gave back in this process stands in its books, as a provider's does: another amount under a number that it knows
    is refused, and so is more than was paid.
    """

    def __init__(self) -> None:
        self._books: dict[str, RefundOrder] = {}

    async def refund(self, order: RefundOrder) -> str:
        """Give money back. Raises: RefundRefusedError."""
        known = self._books.setdefault(order.refund_id, order)
        if (known.payment_id, known.fen) != (order.payment_id, order.fen):
            raise RefundRefusedError("another_refund_under_this_number")
        if self.given_back(order.payment_id) > order.paid_fen:
            del self._books[order.refund_id]
            raise RefundRefusedError("more_than_was_paid")
        return f"sim-refund-{order.refund_id}"

    def given_back(self, payment_id: str) -> Fen:
        """How much of a payment this process gave back."""
        return Fen(sum(order.fen for order in self._books.values() if order.payment_id == payment_id))
