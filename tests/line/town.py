"""People by name around a restaurant whose clock the test moves: what they say, and what reaches their phones by itself."""

from datetime import datetime
from pathlib import Path
from typing import Any

from haowei.simulators.wechat import Diner
from tests.line.clock_file import SharedClock
from tests.line.restaurant import Restaurant
from tests.line.working_off import worked_off

SHOP = Path(__file__).with_name("two_zones.yaml")


class Town:
    """The restaurant, its clock, and everybody by name. A time of day without a zone is one in Shanghai."""

    def __init__(self, restaurant: Restaurant, clock: SharedClock, url: str) -> None:
        self.restaurant, self.clock, self._url = restaurant, clock, url
        self.people: dict[str, Diner] = {}

    def person(self, name: str) -> Diner:
        """Who follows the account under this name."""
        if name not in self.people:
            self.people[name] = self.restaurant.platform.diner(following=True)
        return self.people[name]

    def at(self, moment: str) -> None:
        """It is that time now: "2027-02-05 18:00", with +HH:MM in another zone."""
        self.clock.set(when(moment))

    async def works(self, moment: str) -> None:
        """It is that time, and everything due has been done."""
        self.at(moment)
        await worked_off(self._url, self.clock)

    async def says(self, name: str, words: str, *heard: str) -> str:
        """Somebody says something and hears all of this."""
        answer = await self.person(name).says(words)
        missing = [part for part in heard if part not in answer.text]
        assert not missing, f"{name}: {words}\nexpected {missing} in:\n{answer.text}"
        return answer.text

    async def books(self, name: str, wish: str, *read_back: str, heard: str = "订好了") -> str:
        """A diner books, is read this back, and hears that it stands."""
        await self.says(name, wish, "请核对", *read_back)
        return await self.says(name, "确认", heard)

    async def hires(self, name: str) -> None:
        """Somebody of this name manages 东门店."""
        printed = await self.restaurant.runs("staff", "add", "--name", name, "--role", "manager", "--store", "dongmen")
        await self.says(name, f"绑定 {printed.partition('绑定 ')[2].split()[0]}", name)

    def arrived(self, name: str, *words: str) -> list[datetime]:
        """When messages with all of these words came to somebody by themselves."""
        return [item.at for item in self.person(name).chat if item.channel and all(word in item.words for word in words)]

    async def listed(self) -> dict[str, dict[str, Any]]:
        """`haowei show messages --json` by key."""
        return {row["key"]: row for row in await self.restaurant.shows("messages", "--limit", "1000")}


def when(moment: str) -> datetime:
    """An instant by its wall clock; Shanghai's when no zone is named."""
    return datetime.fromisoformat(moment if moment[-6:-5] in {"+", "-"} else f"{moment}+08:00")
