"""`haowei nlu chat`: the bot in a terminal."""

from pathlib import Path

import pytest

from tests.line.programs import run

pytestmark = pytest.mark.usefixtures("engine")  # learned before a process is asked: learning is told on standard error
EVENING = "2026-11-18T18:20"


async def talk(*said: str, folder: Path, arguments: tuple[str, ...] = ()) -> str:
    ended = await run("nlu", "chat", "--now", EVENING, *arguments, settings={}, folder=folder, stdin="\n".join(said).encode())
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


async def test_a_talk_from_the_scan_to_the_kitchen(tmp_path: Path) -> None:
    said = await talk("/scan t.chunxi.A01", "", "  来两份红烧肉", "/menu view_cart", "下单", "确认", folder=tmp_path)

    assert "A01" in said
    assert said.count("秘制红烧肉") >= 3
    assert "/scan" not in said
    assert list(tmp_path.iterdir()) == []


async def test_it_shows_what_it_understood_where_the_talk_stands(tmp_path: Path) -> None:
    said = await talk("/scan t.chunxi.A01", "来两份红烧肉", "下单", "确认", "/menu points_balance", folder=tmp_path, arguments=("--show",))

    shown = [line for line in said.splitlines() if line.startswith("   [")]
    intents = [line.split()[0].strip("[") for line in shown if line.endswith(("act]", "ask]", "fallback]"))]
    assert intents == ["order_dishes", "checkout", "affirm"]  # taps and scans are not understood, they are known
    assert any("「红烧肉」" in line and "秘制红烧肉" in line for line in shown)


async def test_a_menu_and_hours_are_enough_to_talk_about(tmp_path: Path) -> None:
    shop = tmp_path / "shop.yaml"
    shop.write_text("menu:\n- {name: 毛血旺, unit: 锅}\n- 米饭\nhours: ['10:00-22:00']\n", encoding="utf-8")

    said = await talk("来一锅血旺", "毛血旺一锅，米饭两份", folder=tmp_path, arguments=("--shop", str(shop)))

    assert "毛血旺" in said
    assert "米饭" in said
