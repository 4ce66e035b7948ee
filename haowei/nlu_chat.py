"""`haowei nlu chat`: the bot in a terminal, with a database that is gone when the talk is over."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.messages import InboundKind, InboundMessage, Reply
from bot.turn import Bot
from bot.understanding.engine import Engine
from bot.understanding.interpretation import Interpreter, Situation
from bot.understanding.shop_words import local_time, words_of
from domain.kernel.clock import Clock
from domain.members.vault import Vault
from domain.messages.rules import Window
from domain.shop.document import ShopDocument
from domain.shop.snapshot import SnapshotCache, snapshot_of
from domain.storage import open_database
from domain.storage.migrating import upgrade
from haowei.routing import ROUTES
from haowei.runtime import SKILLS
from haowei.shop_files import bring_in
from haowei.understanding import load_responses

_DINER = "you"
_PATIENCE_S = 60.0


async def chat(
    engine: Engine, document: ShopDocument, clock: Clock, *, overlay: Path | None, show: bool, say: Callable[[str], None]
) -> None:
    """Talk until the end of standard input.

    Args:
        show: Say what was understood before each answer.
        say: Takes a line of the talk.
    """
    responses = load_responses(overlay)
    interpreter = Interpreter(engine, responses.intent_titles())
    shop = snapshot_of(document)
    words = words_of(shop)
    with tempfile.TemporaryDirectory(prefix="haowei-chat-") as folder:
        url = f"sqlite:///{folder}/chat.db"
        await asyncio.to_thread(upgrade, url)
        database = open_database(url, routes=ROUTES)
        try:
            await bring_in(database, document, imported_by="chat", now=clock.now())
            bot = Bot(database, clock, Vault(b"k" * 32), SnapshotCache(), responses, SKILLS, interpreter)
            messages = 0
            while text := await asyncio.to_thread(_hear):
                messages += 1
                if show:
                    reading = await interpreter.read(text, words, Situation(local_time(shop, None, clock.now())))
                    sure = f"{reading.understanding.intent} {reading.understanding.confidence:.2f} {reading.decision}"
                    found = " ".join(f"{item.entity}={item.value}" for item in reading.understanding.entities)
                    say(f"   [{sure}] {found}")
                    say(f"   [{' '.join(map(str, reading.commands))}]")
                message = InboundMessage(f"chat.{messages}", _DINER, InboundKind.TEXT, clock.now(), text=text, window=Window.MESSAGE)
                turn = await bot.turn(_tapped(text, message), deadline=time.monotonic() + _PATIENCE_S)
                say(_written(turn.reply))
        finally:
            await database.close()


def _hear() -> str:
    """The next line that says something; "" at the end."""
    for line in sys.stdin:
        if line.strip():
            return line.strip()
    return ""


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
