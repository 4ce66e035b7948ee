"""The WeChat platform (微信公众平台), simulated for the demo page, the tests and the benches.

An independent implementation from the platform's documents: it shares no code with the gateway, so that a
mistake there is not mirrored here.

    platform = WeChatPlatform(Account.random(), "http://127.0.0.1:8080/wechat/callback")
    async with platform.serving() as api_url:  # what HAOWEI_WECHAT_API_URL is set to
        diner = platform.diner()
        await diner.scans("t.s1.A08")
        assert "红烧肉" in (await diner.says("来两份红烧肉")).text
        await diner.expects("已下单", timeout=5)
"""

from haowei.simulators.wechat.account import Account
from haowei.simulators.wechat.chat import Article, ChatItem, Choice, Content, Place, TemplateCard
from haowei.simulators.wechat.codec import Bare
from haowei.simulators.wechat.diners import UNAVAILABLE, Answer, Diner
from haowei.simulators.wechat.errors import ApiError, InvalidAnswerError
from haowei.simulators.wechat.line import Copy, PlatformComplaint, Try
from haowei.simulators.wechat.platform import WeChatPlatform

__all__ = [
    "UNAVAILABLE",
    "Account",
    "Answer",
    "ApiError",
    "Article",
    "Bare",
    "ChatItem",
    "Choice",
    "Content",
    "Copy",
    "Diner",
    "InvalidAnswerError",
    "Place",
    "PlatformComplaint",
    "TemplateCard",
    "Try",
    "WeChatPlatform",
]
