"""The phone in a diner's hand: the chat with the account, and what stands above it."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.kernel.clock import Clock
from haowei.simulators.wechat.chat import ChatItem, Content

_LONGEST_CHAT = 1000  # items kept, so that a long run does not grow
_RECENTLY = timedelta(seconds=30)
_TYPING_LASTS = timedelta(seconds=15)


class Phone:
    """Shows what one person and the account say to each other.

    Attributes:
        openid: The person, as the account knows them.
        chat: Everything in the chat, oldest first.
    """

    def __init__(self, openid: str, clock: Clock, publish: Callable[[str, ChatItem], None]) -> None:
        self.openid = openid
        self.chat: list[ChatItem] = []
        self._clock = clock
        self._publish = publish
        self._met: set[int] = set()
        self._arrival = asyncio.Event()
        self._typing_until: datetime | None = None

    def sees(self, content: Content, *, from_diner: bool = False) -> ChatItem:
        """Put something into the chat."""
        item = ChatItem.of(content, at=self._clock.now(), from_diner=from_diner)
        self.chat.append(item)
        if len(self.chat) > _LONGEST_CHAT:
            self._met.discard(self.chat.pop(0).id)
        self._arrival.set()
        self._publish(self.openid, item)
        return item

    async def expects(self, wanted: str | Callable[[ChatItem], bool], timeout: float = 5.0) -> ChatItem:  # noqa: ASYNC109 - reads as a sentence
        """Wait for a message from the account; each message meets one expectation only.

        Args:
            wanted: Words on it, or a question about it.
            timeout: Seconds.

        Raises:
            TimeoutError: It did not come; the message shows the chat.
        """
        meets = wanted if callable(wanted) else lambda item: wanted in item.words
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for item in self.chat:
                        if not item.from_diner and item.id not in self._met and meets(item):
                            self._met.add(item.id)
                            return item
                    self._arrival.clear()
                    await self._arrival.wait()
        except TimeoutError:
            shown = "\n".join(f"{'>' if item.from_diner else '<'} {item.kind}: {item.words}" for item in self.chat[-10:])
            raise TimeoutError(f"nothing like {wanted!r} within {timeout:g} s. The chat:\n{shown}") from None

    @property
    def is_shown_typing(self) -> bool:
        """Whether "对方正在输入…" stands above the chat."""
        return self._typing_until is not None and self._clock.now() < self._typing_until

    def shows_typing(self, *, on: bool) -> None:
        """Switch "对方正在输入…" on for 15 s, or off."""
        self._typing_until = self._clock.now() + _TYPING_LASTS if on else None

    def spoke_recently(self) -> bool:
        """Whether a message went either way in the last 30 s."""
        return bool(self.chat) and self._clock.now() - self.chat[-1].at <= _RECENTLY
