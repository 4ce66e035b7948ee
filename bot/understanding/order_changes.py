"""The changes to a cart that a message has come to so far."""

from dataclasses import dataclass, field

from bot.understanding.order_lines import Item
from bot.understanding.resolvers.dishes import DishSpan


@dataclass(slots=True)
class Changes:
    """The changes of a message. A later sentence may speak of a dish of an earlier one.

    Attributes:
        spoken_of: The dish named last without a change to the cart.
        turned: It was named since the last change.
        corrected: 不对 was said: what follows puts right.
        doubt: 「啤酒多了」, until it is said how many there should be.
    """

    items: list[Item] = field(default_factory=list)
    spoken_of: DishSpan | None = None
    turned: bool = False
    corrected: bool = False
    doubt: str = ""

    def speak_of(self, dish: DishSpan | None, *, doubt: str = "") -> None:
        """A dish was named without a change to the cart."""
        self.spoken_of, self.turned = dish, True
        self.doubt += doubt

    @property
    def last(self) -> Item | None:
        """The change that 「改成两份」 speaks of; None when another dish was spoken of since."""
        return self.items[-1] if self.items and not self.turned else None
