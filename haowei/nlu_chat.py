"""`haowei nlu chat`: the bot in a terminal, with a database that is gone when the talk is over."""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bot.dialogue.commands import Command
from bot.messages import InboundKind, InboundMessage, Reply
from bot.turn import Bot
from bot.understanding.engine import Engine
from bot.understanding.interpretation import Interpreter, Situation
from bot.understanding.shop_words import ShopWords
from domain.kernel.clock import Clock
from domain.members.vault import Vault
from domain.messages.rules import Window
from domain.shop.document import ShopDocument
from domain.shop.snapshot import SnapshotCache
from domain.storage.upgrading import upgrade
from haowei.database import open_house
from haowei.runtime import SKILLS
from haowei.shop_files import bring_in
from haowei.understanding import load_responses

_DINER = "you"
_PATIENCE_S = 60.0


async def chat(
    engine: Engine,
    document: ShopDocument,
    clock: Clock,
    said: Iterable[str],
    *,
    overlay: Path | None,
    show: bool,
    say: Callable[[str], None],
) -> None:
    """Talk until nothing more is said.

    Args:
        said: What the diner types, line by line.
        show: Say what was understood before each answer.
        say: Takes a line of the talk.
    """
    responses = load_responses(overlay)
    titles = responses.intent_titles()
    interpreter = _ShowingInterpreter(engine, titles, say) if show else Interpreter(engine, titles)
    with tempfile.TemporaryDirectory(prefix="haowei-chat-") as folder:
        url = f"sqlite:///{folder}/chat.db"
        await asyncio.to_thread(upgrade, url)
        database = open_house(url)
        try:
            await bring_in(database, document, imported_by="chat", now=clock.now())
            bot = Bot(database, clock, Vault(b"k" * 32), SnapshotCache(), responses, SKILLS, interpreter, member_code_key=b"k" * 32)
            for number, text in enumerate(said, start=1):
                message = InboundMessage(f"chat.{number}", _DINER, InboundKind.TEXT, clock.now(), text=text, window=Window.MESSAGE)
                turn = await bot.turn(_tapped(text, message), deadline=time.monotonic() + _PATIENCE_S)
                say(_written(turn.reply))
        finally:
            await database.close()


class _ShowingInterpreter(Interpreter):
    """Says what it makes of a message where the conversation stands."""

    def __init__(self, engine: Engine, titles: Mapping[str, str], say: Callable[[str], None]) -> None:
        super().__init__(engine, titles)
        self._say = say

    async def commands(self, text: str, words: ShopWords, situation: Situation) -> tuple[Command, ...]:
        commands = await super().commands(text, words, situation)
        reading = await self.read(text, words, situation)
        understood = reading.understanding
        self._say(f"   [{understood.intent} {understood.confidence:.2f} {reading.decision}]")
        for item in understood.entities:
            self._say(f"   [{item.entity} 「{text[item.start : item.end]}」 {item.value}]")
        self._say(f"   [{' '.join(map(str, commands))}]")
        return commands


def _tapped(text: str, message: InboundMessage) -> InboundMessage:
    """「/scan t.chunxi.A01」 scans a code, 「/menu points_balance」 taps the menu bar; everything else is said."""
    for word, kind, prefix in (("/scan ", InboundKind.SCAN, ""), ("/menu ", InboundKind.MENU, "menu.")):
        if text.startswith(word):
            key = prefix + text.removeprefix(word).strip()
            return InboundMessage(message.dedupe_key, message.sender, kind, message.sent_at, key=key, window=Window.TAP)
    return message


def _written(reply: Reply) -> str:
    lines = [reply.text or f"（{reply.kind}）"]
    lines += [f"  {n}. {choice.label}" for n, choice in enumerate(reply.choices, start=1)]
    lines += [f"  [{card.title}] {card.url}" for card in reply.cards]
    return "\n".join(lines)
