"""A diner with a phone: follows, writes, taps, scans, and reads what comes back."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.kernel.clock import Clock
from haowei.simulators.wechat.chat import ChatItem, Content, Place
from haowei.simulators.wechat.codec import Bare, Field, Fields
from haowei.simulators.wechat.customer_service import CLOSED, CREATED, CustomerService
from haowei.simulators.wechat.line import Copy, Delivery, Line, Try
from haowei.simulators.wechat.media import MediaStore
from haowei.simulators.wechat.menus import MenuBar
from haowei.simulators.wechat.phone import Phone
from haowei.simulators.wechat.qr_codes import QrCode, QrCodes
from haowei.simulators.wechat.replies import Transfer
from haowei.simulators.wechat.windows import ServiceWindows, trigger_of

UNAVAILABLE = "该服务号暂时无法提供服务,请稍后再试"
_QR_EXPIRED = "该二维码已过期"
_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Nobody looks at the chat when these are pushed, so a failure is not shown there.
_REPORTS = {"TEMPLATESENDJOBFINISH", "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"}
_UNSEEN = {"unsubscribe", "LOCATION", CREATED, CLOSED} | _REPORTS

# The smallest PNG and AMR files that are what they say.
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
_SPEECH = b"#!AMR\n\x3c" + bytes(31)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back at once.

    Attributes:
        reply: The passive reply in the chat; None when the account was silent, handed over or failed.
        tries: How the platform got there; more than one when the callback was late or wrong, none when a member of staff
            has the talk and the account was not asked.
    """

    reply: ChatItem | None
    tries: tuple[Try, ...]

    @property
    def text(self) -> str:
        """The words of the reply, or ""."""
        return self.reply.words if self.reply else ""


class Diner(Phone):
    """One person, known to the account by an openid.

    Attributes:
        refuses: Refuses template messages (43101).
        template_outcome: How template messages end: "success", "failed:user block" or "failed: system failed".
        handoffs: One entry for each transfer to customer-service staff: their account, or "".
        followed_at: None while not following.
        followed_by_scene: The scene of the code that led here, or "".
    """

    def __init__(
        self,
        openid: str,
        *,
        line: Line,
        media: MediaStore,
        menu: MenuBar,
        codes: QrCodes,
        staff: CustomerService,
        clock: Clock,
        publish: Callable[[str, ChatItem], None],
    ) -> None:
        if not _OPENID.fullmatch(openid):
            raise ValueError(f"not an openid: {openid!r}")
        super().__init__(openid, clock, publish)
        self.windows = ServiceWindows()
        self.refuses = False
        self.template_outcome = "success"
        self.handoffs: list[str] = []
        self.followed_at: datetime | None = None
        self.followed_by_scene = ""
        self._line = line
        self._media = media
        self._menu = menu
        self._codes = codes
        self._staff = staff

    @property
    def is_following(self) -> bool:
        """Whether the diner follows the account."""
        return self.followed_at is not None

    @property
    def talks_to(self) -> str:
        """The account of the member of staff who has the talk, or "" for the account itself."""
        return self._staff.talking_to(self.openid)

    # ---- what a diner does

    async def follows(self, scene: str | None = None) -> Answer:
        """Follow the account, by a code's scene if one is given. Whoever follows already cannot."""
        if self.is_following:
            raise ValueError(f"{self.openid} already follows")
        code = None
        if scene is not None and (code := self._codes.scan(scene)) is None:
            return self._expired_code()
        return await self._subscribe(code)

    async def unfollows(self) -> Answer:
        """Leave the account; nothing may be sent any more."""
        self.followed_at = None
        self.windows.close()
        self._staff.close(self.openid)
        return await self.push({"MsgType": "event", "Event": "unsubscribe", "EventKey": ""})

    async def says(self, text: str) -> Answer:
        """Write a text."""
        self._require_following()
        self.sees(Content(kind="text", text=text), from_diner=True)
        return await self.push({"MsgType": "text", "Content": text})

    async def taps_menu(self, key: str, *, scanned: str = "") -> Answer:
        """Tap a button of the menu bar, by its key, or by its address if it opens a page.

        Args:
            scanned: What the phone's camera then read, on a button that scans.
        """
        self._require_following()
        button = self._menu.find(key) or {"type": "click"}
        kind = button["type"]
        if kind == "view":
            return await self.push({"MsgType": "event", "Event": "VIEW", "EventKey": key, "MenuId": 400_000_000})
        if kind in {"scancode_push", "scancode_waitmsg"}:
            info = {"ScanType": "qrcode", "ScanResult": scanned}
            return await self.push({"MsgType": "event", "Event": kind, "EventKey": key, "ScanCodeInfo": info})
        return await self.push({"MsgType": "event", "Event": "CLICK", "EventKey": key})

    async def taps_choice(self, choice_id: str, label: str) -> Answer:
        """Tap a line of a choice message: it goes back as text, with the choice's id."""
        self._require_following()
        self.sees(Content(kind="text", text=label), from_diner=True)
        message_id = self._line.next_message_id()
        return await self.push({"MsgType": "text", "Content": label, "MsgId": message_id, "bizmsgmenuid": Bare(choice_id)})

    async def scans(self, scene: str) -> Answer:
        """Scan a code: whoever does not follow yet follows by it."""
        code = self._codes.scan(scene)
        if code is None:
            return self._expired_code()
        if not self.is_following:
            return await self._subscribe(code)
        return await self.push({"MsgType": "event", "Event": "SCAN", "EventKey": scene, "Ticket": code.ticket})

    async def sends_location(self, latitude: float, longitude: float, label: str) -> Answer:
        """Send a place, in degrees."""
        self._require_following()
        self.sees(Content(kind="location", place=Place(latitude, longitude, label)), from_diner=True)
        return await self.push(
            {
                "MsgType": "location",
                "Location_X": Bare(f"{latitude:.6f}"),
                "Location_Y": Bare(f"{longitude:.6f}"),
                "Scale": 16,
                "Label": label,
            }
        )

    async def sends_picture(self, data: bytes = _PICTURE) -> Answer:
        """Send a picture (PNG, JPEG or GIF)."""
        self._require_following()
        media = self._media.add("image", data)
        self.sees(Content(kind="image", media=media.id), from_diner=True)
        return await self.push({"MsgType": "image", "PicUrl": self._media.address(media.id), "MediaId": media.id})

    async def speaks(self, recognition: str | None = None, data: bytes = _SPEECH) -> Answer:
        """Send a voice message.

        Args:
            recognition: The words that the platform made of it; None where recognition is off.
            data: AMR or MP3.
        """
        self._require_following()
        media = self._media.add("voice", data)
        self.sees(Content(kind="voice", media=media.id, text=recognition or ""), from_diner=True)
        heard = {} if recognition is None else {"Recognition": recognition}
        return await self.push({"MsgType": "voice", "MediaId": media.id, "Format": "amr", **heard})

    async def push(self, fields: Fields) -> Answer:
        """Send any push of this diner, and put the reply into the chat. A message to a member of staff is not pushed.

        Args:
            fields: MsgType and what belongs to it. Addresses, CreateTime and MsgId are added where they are missing.
        """
        push = self._line.complete(self.openid, fields)
        self._opens_window(push)
        if self.talks_to and push.get("MsgType") != "event":
            return Answer(None, ())
        delivery = await self._line.deliver(self.openid, push)
        answer = Answer(self._receive(delivery, push), delivery.tries)
        if isinstance(delivery.reply, Transfer):
            await self._hand_over(delivery.reply, push)
        return answer

    async def push_many(self, fields: Fields, *, copies: int, urls: Sequence[str]) -> list[Copy]:
        """Send one push many times at once, as a platform that lost every answer might; the chat stays as it is.

        Args:
            fields: As for `push`; all copies carry the same MsgId and CreateTime.
            urls: Callbacks of several processes, used in turn.
        """
        push = self._line.complete(self.openid, fields)
        self._opens_window(push)
        return await self._line.deliver_many(self.openid, push, copies, urls)

    def next_message_id(self) -> int:
        """A new id of the platform for a message to this diner."""
        return self._line.next_message_id()

    # ---- what a member of staff does

    def staff_writes(self, text: str) -> ChatItem:
        """The member of staff who has the talk writes; the account hears nothing of it.

        Raises:
            ValueError: Nobody of the staff has the talk.
        """
        if not self.talks_to:
            raise ValueError(f"nobody of the staff talks to {self.openid}")
        return self.sees(Content(kind="text", text=text, by_person=True))

    async def staff_leaves(self) -> Answer:
        """The member of staff closes the talk; the account hears that, and may have something to say.

        Raises:
            ValueError: As `staff_writes`.
        """
        account = self._staff.close(self.openid)
        if not account:
            raise ValueError(f"nobody of the staff talks to {self.openid}")
        return await self.push({"MsgType": "event", "Event": CLOSED, "KfAccount": account})

    # ----

    async def _hand_over(self, transfer: Transfer, push: Fields) -> None:
        self.handoffs.append(transfer.account)
        if push.get("Event") in {CREATED, CLOSED}:
            return  # no words of the diner, so nothing to hand over
        account = self._staff.take(self.openid, transfer.account)
        if account:
            await self.push({"MsgType": "event", "Event": CREATED, "KfAccount": account})

    async def _subscribe(self, code: QrCode | None) -> Answer:
        self.followed_at = self._clock.now()
        self.followed_by_scene = code.scene if code else ""
        fields: dict[str, Field] = {"MsgType": "event", "Event": "subscribe", "EventKey": f"qrscene_{code.scene}" if code else ""}
        if code:
            fields["Ticket"] = code.ticket
        return await self.push(fields)

    def _expired_code(self) -> Answer:
        self.sees(Content(kind="notice", text=_QR_EXPIRED))
        return Answer(None, ())

    def _require_following(self) -> None:
        if not self.is_following:
            raise ValueError(f"{self.openid} does not follow the account")

    def _opens_window(self, push: Mapping[str, Field]) -> None:
        trigger = trigger_of(push)
        if trigger is not None and self.is_following:
            self.windows.open(trigger, self._clock.now())

    def _receive(self, delivery: Delivery, push: Fields) -> ChatItem | None:
        if not self.is_following or isinstance(delivery.reply, Transfer):
            return None
        if delivery.reply is not None:
            return self.sees(delivery.reply)
        if not delivery.is_answered and push.get("Event") not in _UNSEEN:
            self.sees(Content(kind="notice", text=UNAVAILABLE))
        return None
