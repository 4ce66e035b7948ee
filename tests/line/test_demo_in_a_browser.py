"""`haowei demo` as a stranger meets it: one URL, opened in a browser, from joining and ordering to paper and points."""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.conftest import SERVERS_HINT
from tests.line.programs import Program
from tests.servers import free_port

STARTS_WITHIN_S = 30.0  # a bound for sanity on a busy machine; the aim is under 3 s, and the log says what it was
_FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"

_log = logging.getLogger(__name__)


@pytest.fixture
def chromium() -> str:
    """The browser of this machine."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        message = f"no chromium on this machine; {SERVERS_HINT}"
        if os.environ.get("CI") or os.environ.get("NEED_SERVERS"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@contextlib.contextmanager
def opened(chromium: str, url: str) -> Iterator[Page]:
    """The page in a browser without a window; nothing may go wrong in its console, and nothing may come from elsewhere."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1500, "height": 950}, locale="zh-CN")
        page.set_default_timeout(20_000)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: faults.append(request.url) if not _is_ours(request.url) else None)
        page.goto(url)
        yield page
        assert faults == []
        browser.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Program]:
    """The demo in an empty folder; it is stopped as Ctrl-C stops it, and no fault is in its log."""
    port = free_port()
    demo = Program(["demo", "--port", str(port)], {}, tmp_path, address=f"http://127.0.0.1:{port}")
    yield demo
    if demo.is_running:
        assert stops(demo) == 0
    assert "Traceback" not in demo.log, demo.log[-6000:]


def starts(demo: Program) -> None:
    """Start it, and wait for its one URL."""
    began, shown = time.monotonic(), demo.log.count(f"{demo.address}\n")
    demo.spawn()
    while demo.log.count(f"{demo.address}\n") == shown:
        assert demo.is_running, demo.log
        assert time.monotonic() - began < STARTS_WITHIN_S, demo.log
        time.sleep(0.02)
    _log.info("the demo printed its URL after %.1f s", time.monotonic() - began)


def stops(demo: Program) -> int:
    """Stop it as Ctrl-C does."""
    demo.signal(signal.SIGINT)
    return asyncio.run(demo.ends())


def test_a_stranger_eats_in_the_demo(chromium: str, demo: Program) -> None:
    starts(demo)
    with opened(chromium, str(demo.address)) as page:
        _log.info("the page was first painted after %.0f ms", page.wait_for_function(_FIRST_PAINT).json_value())
        phone, kitchen = page.get_by_role("region", name="手机一"), page.get_by_role("region", name="出单")
        phone.get_by_role("button", name="扫桌码，关注并入座").click()
        phone.get_by_role("button", name="春熙路店 A01 桌").click()
        expect(_last(phone)).to_contain_text("A01桌")
        says(phone, "会员", "加入好味会员")
        phone.get_by_role("button", name="同意并加入").click()
        expect(_last(phone)).to_contain_text("欢迎加入好味会员")

        says(phone, "红烧肉一份", "秘制红烧肉×1")
        says(phone, "凉拌黄瓜一份", "合计74元")
        says(phone, "下单", "确认下单")
        says(phone, "确认", "单号 0001")

        hot, cold, front = (kitchen.locator(f"[data-printer={name}]") for name in ("hot", "cold", "front"))
        expect(hot.get_by_role("article")).to_have_count(1)
        expect(hot).to_contain_text("秘制红烧肉")
        expect(cold.get_by_role("article")).to_have_count(1)
        expect(cold).to_contain_text("凉拌黄瓜")
        expect(front.get_by_role("article")).to_have_count(0)
        pays(phone, "￥74.00")
        expect(front.get_by_role("article")).to_have_count(1)
        expect(front).to_contain_text("74.00")
        expect(phone.get_by_role("log")).to_contain_text("收到付款 74.00元")
        says(phone, "我的积分", "您有7积分")
        expect(hot.get_by_role("article")).to_have_count(1)
        expect(cold.get_by_role("article")).to_have_count(1)

    assert stops(demo) == 0
    starts(demo)  # the second start finds the same account and diners
    with opened(chromium, str(demo.address)) as page:
        phone = page.get_by_role("region", name="手机一")
        phone.get_by_role("button", name="关注公众号").click()
        says(phone, "我的积分", "您有7积分")
        says(phone, "春熙路店取号，2个人", "想在轮到您时收到通知？")
        phone.get_by_role("button", name="点这里允许一次").click()
        asked = phone.frame_locator("iframe")
        asked.get_by_role("button", name="允许提醒").click()
        expect(asked.get_by_text("设置好了")).to_be_visible()
        phone.get_by_role("button", name="返回").click()


def says(phone: Locator, words: str, heard: str) -> None:
    """Type something, and hear something."""
    phone.get_by_role("button", name="键盘和菜单互换").evaluate("button => button.closest('.foot').classList.remove('menu')")
    phone.get_by_role("textbox", name="输入消息").fill(words)
    phone.get_by_role("button", name="发送").click()
    expect(_last(phone)).to_contain_text(heard)


def pays(phone: Locator, total: str) -> None:
    """Ask for the bill, open it, pay it, and go back to the chat."""
    says(phone, "买单", total)
    phone.get_by_role("button", name=f"买单 {total}").click()
    bill = phone.frame_locator("iframe")
    bill.get_by_role("button", name=f"立即支付 {total}").click()
    expect(bill.get_by_role("status")).to_have_text("支付成功")
    phone.get_by_role("button", name="返回").click()


def _last(phone: Locator) -> Locator:
    return phone.get_by_role("log").get_by_role("listitem").last


def _is_ours(url: str) -> bool:
    return urlsplit(url).hostname == "127.0.0.1" or url.startswith("data:")
