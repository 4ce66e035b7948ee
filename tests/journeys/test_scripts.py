"""Every chat script comes true on both databases; and a script that does not come true says where."""

import re
from pathlib import Path

import pytest

from tests.journeys.chat_script import JourneyError, Script, ScriptError, read_script, run_script
from tests.journeys.restaurant import Restaurant

_SCRIPTS = Path(__file__).with_name("scripts")


@pytest.mark.parametrize("script", [read_script(path) for path in sorted(_SCRIPTS.glob("*.chat"))], ids=lambda script: script.name)
async def test_journey(script: Script, restaurant: Restaurant) -> None:
    await run_script(script, restaurant)


def test_no_two_scripts_show_the_same() -> None:
    titles = [read_script(path).title for path in _SCRIPTS.glob("*.chat")]
    assert len(titles) >= 45
    assert len(set(titles)) == len(titles)


def written(folder: Path, *lines: str) -> Script:
    path = folder / "talk.chat"
    path.write_text("\n".join(("# a talk", *lines)), "utf-8")
    return read_script(path)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("好味: 宫保鸡丁×1", "expected: 宫保鸡丁×1"),
        ("好味: 秘制红烧肉×1 … 合计59元", "expected: 合计59元"),
        ("好味! 秘制红烧肉", "must not be said"),
        ("好味 转接", "a person has the talk"),
        ("好味 不出声", "silence"),
        ("订单 1", "orders placed: 0"),
        ("票 pass 1", "tickets so far: []"),
        ("阿强 点 确认下单", "no choice '确认下单'"),
        ("阿强 旧卡 确认下单", "no older card"),
        ("随后: 收到付款", "nothing was sent"),
        ("店家 改价 龙肝 5元", "the menu has no dish 龙肝"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_does_not_come_true_is_shown_with_the_talk(tmp_path: Path, restaurant: Restaurant, line: str, why: str) -> None:
    script = written(tmp_path, "阿强 扫码 t.chunxi.A01", "阿强: 一份红烧肉", line)

    with pytest.raises(JourneyError, match=re.escape(why)) as failed:
        await run_script(script, restaurant)

    assert "  3 阿强: 一份红烧肉\n      ┆ 已加 秘制红烧肉×1，58元\n" in str(failed.value)
    assert "✗ talk.chat:4" in str(failed.value)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_bill_of_another_amount_is_told(tmp_path: Path, restaurant: Restaurant) -> None:
    said = ("阿强 扫码 t.chunxi.A01", "阿强: 一份红烧肉", "阿强: 下单", "阿强 点 确认下单", "阿强 菜单 pay_bill")
    with pytest.raises(JourneyError, match=r"the bill was 58\.00元"):
        await run_script(written(tmp_path, *said, "付款 57元"), restaurant)


@pytest.mark.parametrize("line", ["阿强 点头", "阿强 位置 here", "… 过了 几天", "同时\n  订单 1", "订单 一"])
def test_a_line_that_no_form_fits_is_an_error_with_its_place(tmp_path: Path, line: str) -> None:
    with pytest.raises(ScriptError, match=r"talk\.chat:[23]: "):
        written(tmp_path, line)


def test_a_script_says_what_it_shows(tmp_path: Path) -> None:
    path = tmp_path / "talk.chat"
    path.write_text("阿强: 你好", "utf-8")
    with pytest.raises(ScriptError, match="what it shows"):
        read_script(path)
