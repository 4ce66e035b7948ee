"""A worker that dies while it places a pre-order has placed nothing; the next one places it, once."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.domain.preorders.lobby import Lobby


async def test_killed_before_its_commit_it_is_placed_by_the_next_worker_and_once(lobby: Lobby, database_url: str, tmp_path: Path) -> None:
    ticket = await lobby.waits("wang")
    await lobby.chooses("wang", "pork", 2)
    await lobby.confirms("wang")
    await lobby.sits(ticket)
    clock_file = tmp_path / "clock"
    clock_file.write_text(lobby.clock.now().isoformat(), encoding="utf-8")

    module = "tests.domain.preorders.sitting_down"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, database_url, str(clock_file), lobby.store_id, ticket.id, stdout=PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        assert await process.stdout.readline() == b"placed\n"
    process.kill()
    await process.communicate()
    assert await lobby.cooked() == []

    await lobby.hears(ticket)
    await lobby.hears(ticket)

    assert await lobby.cooked() == [("A1", [("pork", "2")])]
