"""Pictures of ours reach the chat: uploaded once, while the platform keeps them, and shown by an article when that fails."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.inbox import keep_reply
from bot.messages import Reply, ReplyKind
from bot.turn import Bot
from bot.understanding.embedded import EmbeddedEngine
from bot.understanding.interpretation import Interpreter
from domain.members.codes import make_code, signing_key
from domain.members.service import meet_diner
from domain.members.vault import Vault
from domain.messages.models import Message
from domain.messages.rules import Purpose, Window
from domain.messages.service import open_window, request
from domain.messaging.deliveries import claim
from domain.messaging.models import InboxMessage
from domain.shop.reading import read_shop
from domain.shop.snapshot import SnapshotCache
from domain.storage import Database
from haowei.routing import MESSAGES, ROUTES
from haowei.runtime import SKILLS
from haowei.shop_files import bring_in
from haowei.simulators.wechat import Account, Diner, WeChatPlatform
from haowei.simulators.wechat.windows import Trigger
from haowei.understanding import load_responses
from tests.clock import SettableClock
from wechat_gateway.api.client import WeChatClient
from wechat_gateway.api.tokens import AccessTokens
from wechat_gateway.api.transport import Transport
from wechat_gateway.callback import Callback
from wechat_gateway.crypto import MessageCrypto
from wechat_gateway.messages import MessageSender
from wechat_gateway.mode import Mode
from wechat_gateway.pages.dishes import DishPages
from wechat_gateway.pages.member_codes import MemberCodePages, code_path, code_picture
from wechat_gateway.pages.rendering import Pages
from wechat_gateway.pictures import Pictures

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

UPLOAD = "/cgi-bin/media/upload"
SEND = "/cgi-bin/message/custom/send"
KEY = signing_key(b"s" * 32)
VAULT = Vault(b"s" * 32)
PUBLIC = "https://haowei.example"
DISH = "/p/pictures/0123456789abcdef.png"


@pytest.fixture
def routes() -> Mapping[str, tuple[str, ...]]:
    return ROUTES


@pytest.fixture
def account() -> Account:
    return Account.random()


@pytest.fixture
async def platform(account: Account, clock: SettableClock) -> AsyncIterator[WeChatPlatform]:
    platform = WeChatPlatform(account, "", clock=clock)
    yield platform
    await platform.close()


@pytest.fixture
async def client(platform: WeChatPlatform, account: Account, database: Database, clock: SettableClock) -> AsyncIterator[WeChatClient]:
    async with platform.serving() as url, ClientSession() as session:
        transport = Transport(session, url)
        tokens = AccessTokens(database, transport, clock, app_id=account.app_id, app_secret=account.app_secret)
        yield WeChatClient(transport, tokens)


@pytest.fixture
async def pictures(client: WeChatClient, database: Database, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Pictures]:
    (tmp_path / "0123456789abcdef.png").write_bytes(code_picture("A DISH"))
    pages = Pages()
    dishes = DishPages(database, SnapshotCache(), pages, tmp_path)
    pictures = Pictures(client, clock, (MemberCodePages(KEY, clock, pages), dishes))
    yield pictures
    await pictures.close()


def new_code(clock: SettableClock) -> str:
    return code_path(make_code(KEY, "2345678923", now=clock.now()))


async def test_a_picture_that_many_want_is_uploaded_once(pictures: Pictures, platform: WeChatPlatform) -> None:
    ids = await asyncio.gather(*(pictures.media_id(DISH, seconds=10) for _ in range(20)))
    assert len(set(ids)) == 1
    assert platform.calls[UPLOAD] == 1
    assert platform.media.get(ids[0], "image").data == code_picture("A DISH")


async def test_it_is_uploaded_again_before_the_platform_forgets_it(
    pictures: Pictures, platform: WeChatPlatform, clock: SettableClock
) -> None:
    first = await pictures.media_id(DISH, seconds=10)
    clock.advance(days=2, hours=22)
    assert await pictures.media_id(DISH, seconds=10) == first
    platform.media.get(first)
    clock.advance(hours=1)
    assert await pictures.media_id(DISH, seconds=10) not in {first, ""}


async def test_a_member_code_goes_up_while_it_is_good(pictures: Pictures, platform: WeChatPlatform, clock: SettableClock) -> None:
    path = new_code(clock)
    media_id = await pictures.media_id(path, seconds=10)
    assert platform.media.get(media_id, "image").content_type == "image/png"
    clock.advance(minutes=3)
    assert await pictures.media_id(path, seconds=10) == ""


@pytest.mark.parametrize(
    "path", ["", "/p/pictures/../secret.png", "/p/pictures/ffffffffffffffff.png", "/p/codes/M.1.2.3.4.png", "https://elsewhere/x.png"]
)
async def test_what_is_no_picture_of_ours_is_not_uploaded(pictures: Pictures, platform: WeChatPlatform, path: str) -> None:
    assert await pictures.media_id(path, seconds=10) == ""
    assert platform.calls[UPLOAD] == 0


async def test_an_upload_that_is_too_slow_goes_on_for_the_next_who_asks(pictures: Pictures, platform: WeChatPlatform) -> None:
    platform.faults.delay(0.3, UPLOAD, times=1)
    assert await pictures.media_id(DISH, seconds=0.01) == ""
    assert await pictures.media_id(DISH, seconds=10) != ""
    assert platform.calls[UPLOAD] == 1


async def test_no_time_left_is_no_picture(pictures: Pictures) -> None:
    assert await pictures.media_id(DISH, seconds=-1) == ""


async def test_a_failing_platform_is_no_fault_of_ours(pictures: Pictures, platform: WeChatPlatform) -> None:
    platform.faults.outage(UPLOAD)
    assert await pictures.media_id(DISH, seconds=10) == ""
    platform.faults.heal()
    assert await pictures.media_id(DISH, seconds=10) != ""


class TestPassiveReplies:
    @pytest.fixture
    async def diner(
        self,
        platform: WeChatPlatform,
        account: Account,
        database: Database,
        clock: SettableClock,
        engine: EmbeddedEngine,
        pictures: Pictures,
    ) -> AsyncIterator[Diner]:
        """Writes to a real bot behind a real callback."""
        shop = Path(__file__).parents[2] / "haowei" / "demo" / "shop.yaml"
        await bring_in(database, read_shop(shop.read_bytes()).document, imported_by="test", now=clock.now())
        responses = load_responses(None)
        interpreter = Interpreter(engine, responses.intent_titles())
        bot = Bot(database, clock, VAULT, SnapshotCache(), responses, SKILLS, interpreter, member_code_key=KEY)
        crypto = MessageCrypto(account.token, account.app_id, [account.aes_key])
        callback = Callback(
            bot, responses, crypto, clock, token=account.token, mode=Mode.SAFE, max_skew=300, public_url=PUBLIC, pictures=pictures
        )
        app = web.Application()
        app.add_routes(callback.routes())
        async with TestServer(app) as server:
            platform.callback_url = str(server.make_url("/wechat/callback"))
            yield platform.diner(following=True)

    async def asks_again(self, diner: Diner, database: Database, image: str) -> None:
        """The push comes twice; between the two its stored answer is made a picture."""
        push = {"MsgType": "text", "Content": "帮助", "MsgId": "77"}
        await diner.push(push)
        reply = Reply(ReplyKind.IMAGE, "您的会员码\n三分钟内有效", image=image)
        key = await database.read(lambda session: session.query(InboxMessage.key).scalar())
        await database.transaction(keep_reply, key, reply)
        await diner.push(push)

    async def test_the_answer_is_the_picture(
        self, diner: Diner, platform: WeChatPlatform, database: Database, clock: SettableClock
    ) -> None:
        path = new_code(clock)
        await self.asks_again(diner, database, path)
        shown = diner.chat[-1]
        assert shown.kind == "image"
        assert platform.media.get(shown.media).data == code_picture(path.removeprefix("/p/codes/").removesuffix(".png"))
        assert platform.complaints == []

    async def test_without_an_upload_an_article_shows_it(
        self, diner: Diner, platform: WeChatPlatform, database: Database, clock: SettableClock
    ) -> None:
        platform.faults.outage(UPLOAD)
        path = new_code(clock)
        await self.asks_again(diner, database, path)
        [article] = diner.chat[-1].articles
        assert (article.title, article.url) == ("您的会员码", f"{PUBLIC}{path}")
        assert platform.complaints == []


class TestCustomerMessages:
    @pytest.fixture
    async def diner(self, platform: WeChatPlatform, clock: SettableClock) -> Diner:
        diner = platform.diner(following=True)
        diner.windows.open(Trigger.MESSAGE, clock.now())
        return diner

    async def sends(self, database: Database, clock: SettableClock, client: WeChatClient, pictures: Pictures, diner: Diner) -> str:
        """A late answer that is a picture. Returns: the state it ended in."""

        def ask(session):
            diner_id = meet_diner(session, VAULT, diner.openid, now=clock.now())
            open_window(session, diner_id, Window.MESSAGE, now=clock.now())
            reply = Reply(ReplyKind.IMAGE, "红烧肉", image=DISH)
            request(session, Purpose.REPLY, diner_id, {"reply": reply.to_json()}, key="k", now=clock.now())

        await database.transaction(ask)
        sender = MessageSender(database, clock, VAULT, client, templates={}, public_url=PUBLIC, pictures=pictures)
        [claimed] = await database.transaction(claim, MESSAGES, now=clock.now(), limit=1, lease=timedelta(minutes=1))
        await sender(claimed)
        return await database.read(lambda session: session.query(Message.state).scalar())

    async def test_the_message_is_the_picture(
        self, database: Database, clock: SettableClock, client: WeChatClient, pictures: Pictures, diner: Diner
    ) -> None:
        assert await self.sends(database, clock, client, pictures, diner) == "sent"
        assert diner.chat[-1].kind == "image"

    async def test_a_picture_that_the_platform_lost_is_uploaded_once_more(
        self, database: Database, clock: SettableClock, client: WeChatClient, pictures: Pictures, platform: WeChatPlatform, diner: Diner
    ) -> None:
        lost = await pictures.media_id(DISH, seconds=10)
        platform.faults.refuse(40007, SEND, times=1)
        assert await self.sends(database, clock, client, pictures, diner) == "sent"
        assert diner.chat[-1].media not in {lost, ""}
        assert (platform.calls[UPLOAD], platform.calls[SEND]) == (2, 2)

    async def test_without_an_upload_an_article_shows_it(
        self, database: Database, clock: SettableClock, client: WeChatClient, pictures: Pictures, platform: WeChatPlatform, diner: Diner
    ) -> None:
        platform.faults.outage(UPLOAD)
        assert await self.sends(database, clock, client, pictures, diner) == "sent"
        assert [article.picture for article in diner.chat[-1].articles] == [f"{PUBLIC}{DISH}"]
