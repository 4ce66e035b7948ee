"""The demo page as a visitor meets it, in a real browser."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from haowei.simulators.printers import Fault
from haowei.simulators.wechat import UNAVAILABLE, Choice, Content, TemplateCard
from tests.demo.conftest import TO_STAFF, World, says

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one browser for all of them


async def test_first_view_shows_the_account_and_empty_paper(page: Page) -> None:
    await expect(page.locator("#brand")).to_have_text("好味")
    await expect(page.locator("#link")).to_have_text("已连接")
    await expect(page.get_by_text("纸已装好，等第一张单。")).to_have_count(2)


async def test_a_scanned_table_code_follows_and_seats(world: World, phone: Locator) -> None:
    push = await world.pushed(lambda push: push.event == "subscribe_scan")

    assert push.scene_id == "t.s1.A05"
    await expect(phone.locator(".notice")).to_have_text(["扫码：人民路店 A05 桌", "你已关注「好味」"])


async def test_a_typed_message_is_answered_in_the_chat(world: World, phone: Locator) -> None:
    world.answer = lambda push: "好的。\n第二行"

    await says(phone, "红烧肉一份，两碗米饭")

    await expect(phone.locator(".mine .bubble")).to_have_text("红烧肉一份，两碗米饭")
    await expect(phone.locator(".theirs .bubble")).to_have_text("好的。\n第二行", use_inner_text=True)
    await expect(phone.get_by_label("输入消息")).to_have_value("")


async def test_a_numbered_choice_is_typed_by_a_tap_while_it_is_the_last_question(world: World, phone: Locator) -> None:
    world.answer = lambda push: "确认下单吗？\n1. 确认下单\n2. 再改改" if push.content == "下单" else "好。"
    await says(phone, "下单")

    await phone.get_by_role("button", name="1. 确认下单").click()

    await world.pushed(lambda push: push.type == "text" and push.content == "1")
    await expect(phone.get_by_role("button", name="2. 再改改")).to_be_disabled()


async def test_a_tapped_line_of_a_choice_message_carries_its_id(world: World, phone: Locator) -> None:
    world.diners[0].sees(Content(kind="menu", text="满意吗？", choices=(Choice("t.1", "很满意"), Choice("t.2", "一般")), tail="谢谢"))

    await phone.get_by_role("button", name="很满意").click()

    push = await world.pushed(lambda push: push.type == "text" and push.content == "很满意")
    assert push._data["bizmsgmenuid"] == "t.1"


async def test_a_card_opens_the_bill_inside_the_phone_and_back_returns(world: World, phone: Locator) -> None:
    world.answer = lambda push: [{"title": "A05 桌账单", "description": "62.00 元", "image": "", "url": f"{world.gateway_url}/pay/1"}]
    await says(phone, "买单")

    await phone.get_by_role("button", name="A05 桌账单").click()
    await phone.frame_locator("iframe").get_by_text("应付 62.00 元").wait_for()
    await phone.get_by_role("button", name="返回").click()

    await expect(phone.locator("iframe")).to_have_count(0)
    await expect(phone.get_by_role("button", name="A05 桌账单")).to_be_visible()


async def test_a_page_in_the_phone_can_open_a_map_in_a_window_of_its_own(world: World, page: Page, phone: Locator) -> None:
    world.answer = lambda push: f"{world.gateway_url}/pay/1"
    await says(phone, "门店")
    await phone.locator(".to-page").click()

    async with page.expect_popup() as opening:
        await phone.frame_locator("iframe").get_by_role("link", name="另开一页").click()

    await expect((await opening.value).get_by_text("应付 62.00 元")).to_be_visible()


async def test_only_links_to_the_account_itself_can_be_tapped(world: World, phone: Locator) -> None:
    ours = f"{world.gateway_url}/pay/1"
    world.answer = lambda push: f'<a href="{ours}">账单</a> <a href="javascript:alert(1)">坏</a> https://evil.example/x {ours}。'

    await says(phone, "链接")

    await expect(phone.locator(".to-page")).to_have_text(["账单", ours])
    await expect(phone.locator(".theirs .bubble")).to_have_text(f"账单 坏 https://evil.example/x {ours}。")


async def test_markup_in_a_chat_stays_words(world: World, page: Page, phone: Locator) -> None:
    markup = "<img src=x onerror='window.harmed=1'><script>window.harmed=1</script>"

    await says(phone, markup)

    await expect(phone.locator(".mine .bubble")).to_have_text(markup)
    await expect(phone.locator(".theirs .bubble")).to_have_text(f"你说：{markup}")
    assert await page.evaluate("() => window.harmed") is None


async def test_the_menu_bar_is_the_accounts_own(world: World, phone: Locator) -> None:
    await phone.get_by_label("键盘和菜单互换").click()
    await phone.locator("summary", has_text="点餐").click()
    await phone.get_by_role("button", name="看菜单").click()

    push = await world.pushed(lambda push: push.event == "click")
    assert push.key == "menu.view_menu"


@pytest.mark.parametrize(
    ("button", "then", "wanted"),
    [
        ("发图片", None, ("image", lambda push: push.media_id)),
        ("发位置", "人民路店附近", ("location", lambda push: push.label == "人民路 1 号" and push.location_x == "30.660000")),
        ("发语音", "发送", ("voice", lambda push: push.recognition == "来一份红烧肉")),
    ],
)
async def test_what_else_a_hand_can_send(world: World, phone: Locator, button: str, then: str | None, wanted: Any) -> None:
    kind, holds = wanted

    await phone.get_by_label("更多").click()
    await phone.get_by_role("button", name=button).click()
    if button == "发语音":
        await phone.get_by_label("识别出来的字").fill("来一份红烧肉")
    if then is not None:
        await phone.locator(".panel").get_by_role("button", name=then).click()

    assert holds(await world.pushed(lambda push: push.type == kind))
    await expect(phone.locator(f'.mine[data-kind="{kind}"]')).to_be_visible()


async def test_a_person_takes_the_talk_answers_and_gives_it_back(world: World, page: Page, phone: Locator) -> None:
    world.answer = lambda push: {"找人工": TO_STAFF, "kf_close_session": "机器人回来了。"}.get(
        push._data.get("Content") or push._data["Event"]
    )
    desk = page.get_by_role("form", name="客服台").first
    await expect(desk).to_be_hidden()

    await says(phone, "找人工")
    await expect(phone.get_by_text("人工客服正在接待")).to_be_visible()
    await expect(desk).to_contain_text("正在接待食客甲")
    await world.pushed(lambda push: push._data.get("Event") == "kf_create_session")
    await says(phone, "菜里有根头发")
    await desk.get_by_label("客服的话").fill("马上给您换一份 <b>新的</b>")
    await desk.get_by_role("button", name="回复").click()

    await expect(phone.locator(".staff .bubble")).to_have_text("马上给您换一份 <b>新的</b>")
    await expect(desk.get_by_label("客服的话")).to_have_value("")
    assert [push for push in world.pushes if push._data.get("Content") == "菜里有根头发"] == []
    await desk.get_by_role("button", name="结束会话").click()
    await expect(phone.locator(".theirs:not(.staff) .bubble")).to_have_text("机器人回来了。")
    await expect(desk).to_be_hidden()
    await expect(phone.get_by_text("人工客服正在接待")).to_be_hidden()


async def test_the_desk_serves_the_diner_whose_phone_is_shown(world: World, page: Page, phone: Locator) -> None:
    world.answer = lambda push: TO_STAFF
    await says(phone, "找人工")
    await expect(page.get_by_text("客服台 · 正在接待食客甲")).to_be_visible()

    await phone.get_by_role("tab", name="食客乙").click()
    await expect(page.get_by_role("form", name="客服台").first).to_be_hidden()
    await phone.get_by_role("tab", name="食客甲").click()

    await expect(page.get_by_text("客服台 · 正在接待食客甲")).to_be_visible()


async def test_whoever_unfollows_stands_before_the_account_again(world: World, phone: Locator) -> None:
    await phone.get_by_label("更多").click()
    await phone.get_by_role("button", name="取消关注").click()

    await expect(phone.get_by_role("button", name="关注公众号")).to_be_visible()
    assert not world.diners[0].is_following


async def test_a_party_plays_with_several_diners(world: World, page: Page, phone: Locator) -> None:
    await phone.get_by_role("button", name="再来一位食客").click()
    await phone.get_by_role("tab", name="食客丁").wait_for()
    await phone.get_by_role("tab", name="食客乙").click()
    world.diners[0].sees(Content(kind="text", text="同桌加了一道菜"))

    await expect(phone.get_by_role("tab", name="食客甲，1 条未读")).to_be_visible()
    await phone.get_by_role("tab", name="食客甲").click()
    await expect(phone.get_by_text("同桌加了一道菜")).to_be_visible()
    await expect(phone.get_by_role("tab", name="食客甲", exact=True)).to_be_visible()
    await page.set_viewport_size({"width": 1800, "height": 900})
    await expect(page.locator("#phone-2").get_by_role("button", name="关注公众号")).to_be_visible()


async def test_a_template_message_shows_its_lines(world: World, phone: Locator) -> None:
    world.diners[0].sees(Content(kind="template", template=TemplateCard("取餐提醒", (("取餐号:", "0087"),), f"{world.gateway_url}/pay/1")))

    await expect(phone.locator(".template")).to_contain_text("取餐号0087")
    await phone.get_by_role("button", name="查看详情").click()
    await phone.frame_locator("iframe").get_by_text("应付 62.00 元").wait_for()


async def test_a_dead_callback_is_told_as_the_platform_tells_it(world: World, page: Page, phone: Locator) -> None:
    world.platform.callback_url = f"{world.gateway_url}/nothing"

    await says(phone, "在吗")

    await expect(phone.get_by_text(UNAVAILABLE)).to_be_visible()
    await page.get_by_text("平台通知").click()
    await expect(page.locator("#notices-list li")).to_contain_text(["甲：公众号答了 HTTP 404，平台会再试"] * 3)


async def test_paper_hangs_below_its_printer_newest_on_top(world: World, page: Page) -> None:
    hot = page.locator('[data-printer="hot"]')
    for dish in ("红烧肉", "麻婆豆腐"):
        await world.prints(world.printers[0], f"{dish} x1".encode("gbk"))
        await hot.get_by_text(f"{dish} x1").wait_for(state="attached")

    await expect(hot.locator(".paper .unseen")).to_have_text(["麻婆豆腐 x1", "红烧肉 x1"])
    await expect(hot.locator(".count")).to_have_text("2 张")
    await expect(page.locator("#counter")).to_have_text("本店共出 2 张")
    await expect(page.locator('[data-printer="front"]').locator(".paper")).to_have_count(0)


GLYPHS = """(papers) => [...papers[0].querySelectorAll('text')].map((text) => {
    const last = text.getNumberOfChars() - 1;
    const [from, to] = [text.getStartPositionOfChar(0), text.getEndPositionOfChar(last)];
    const at = (point) => Math.round(point.matrixTransform(text.getCTM()).x * 576 / text.ownerSVGElement.clientWidth);
    return [text.textContent, at(from), at(to)];
})"""


async def test_columns_stand_on_the_cells_that_were_printed(world: World, page: Page) -> None:
    rows = "秘制红烧肉" + " " * 33 + "58.00"
    big = b"\x1d!\x11" + "实收￥160.00".encode("gbk") + b"\x1d!\x00"
    await world.prints(world.printers[1], rows.encode("gbk") + b"\n" + b"-" * 48 + b"\n" + big + b"\n\x1ba\x01" + "谢谢".encode("gbk"))
    await page.locator(".print").wait_for()

    glyphs = await page.locator(".print").evaluate_all(GLYPHS)

    assert glyphs[:3] == [["秘制红烧肉", 0, 120], ["58.00", 516, 576], ["-" * 48, 0, 576]]
    assert glyphs[3:] == [["实收￥", 0, 144], ["160.00", 144, 288], ["谢谢", 264, 312]]


async def test_a_qr_code_is_drawn_and_a_paper_opens_large(world: World, page: Page) -> None:
    data = b"https://haowei.example/1"
    store = b"\x1d(k" + (len(data) + 3).to_bytes(2, "little") + b"1P0" + data
    await world.prints(world.printers[1], store + b"\x1d(k\x03\x001Q0")

    await page.locator(".paper").click()

    await expect(page.locator("#zoom .print path")).to_have_count(1)
    await page.get_by_role("button", name="关闭").click()
    await expect(page.locator("#zoom")).to_be_hidden()


async def test_a_printer_without_paper_lights_red_and_prints_when_it_is_mended(world: World, page: Page) -> None:
    hot = page.locator('[data-printer="hot"]')
    await hot.get_by_role("button", name="缺纸").click()
    await expect(hot.locator(".lamp")).to_have_class("lamp red")
    await expect(hot.locator(".state")).to_have_text("缺纸")
    await world.prints(world.printers[0], "红烧肉".encode("gbk"))
    assert world.printers[0].papers == []

    await hot.get_by_role("button", name="缺纸", pressed=True).click()

    await expect(hot.locator(".paper .unseen")).to_have_text("红烧肉")
    await expect(hot.locator(".lamp")).to_have_class("lamp green")


async def test_a_fault_that_came_by_itself_is_shown(world: World, page: Page) -> None:
    await world.printers[1].set_fault(Fault.OFF, on=True)

    await expect(page.locator('[data-printer="front"] .state')).to_have_text("已关机")


async def test_a_store_without_printers_says_so(page: Page) -> None:
    await page.get_by_role("tab", name="建设路店").click()

    await expect(page.get_by_text("这家店还没有打印机")).to_be_visible()


async def test_the_page_finds_everything_again_after_a_restart(world: World, page: Page, phone: Locator) -> None:
    await says(phone, "还在吗")
    await phone.get_by_text("你说：还在吗").wait_for()
    port = await world.shut()
    await expect(page.locator("#link")).to_have_text("已断开，正在重连…")
    world.diners[0].sees(Content(kind="text", text="断开时来的消息"))

    await world.open(port)

    await expect(page.locator("#link")).to_have_text("已连接")
    await expect(phone.locator(".theirs .bubble")).to_have_text(["你说：还在吗", "断开时来的消息"])


async def test_a_chat_of_five_hundred_stays_quick(world: World, page: Page, phone: Locator) -> None:
    for number in range(500):
        world.diners[0].sees(Content(kind="text", text=f"第 {number} 条，{world.gateway_url}/pay/1"))
    await phone.get_by_text("第 499 条").wait_for()
    loop = asyncio.get_running_loop()
    began = loop.time()

    await says(phone, "最后一句")
    await phone.get_by_text("你说：最后一句").wait_for()

    assert loop.time() - began < 2
    await expect(phone.get_by_text("你说：最后一句")).to_be_in_viewport()


async def test_hints_lead_the_first_visit_and_stay_away_when_closed(page: Page, phone: Locator) -> None:
    await page.get_by_role("button", name="点菜").click()
    await expect(phone.get_by_label("输入消息")).to_have_value("红烧肉一份，两碗米饭")

    await page.get_by_role("button", name="不再提示").click()
    await page.reload()

    await expect(page.locator("#link")).to_have_text("已连接")
    await expect(page.locator("#hints")).to_be_hidden()
