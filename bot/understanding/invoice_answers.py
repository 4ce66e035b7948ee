"""What is said while an invoice is asked for: its title, number and address, that there is no number, that none is wanted after all."""

import re

from bot.dialogue.commands import Ask, Cancel, Command, Deny, SetSlot
from bot.understanding.normal_form import normal_form
from bot.understanding.phrases import read_phrase
from bot.understanding.resolvers.invoice_details import InvoiceDetails, read_invoice_details
from bot.understanding.shop_words import ShopWords

REQUEST_INVOICE, WITHDRAW_INVOICE, NO_TAX_NUMBER = "request_invoice", "withdraw_invoice", "no_tax_number"
OTHER_TITLE = "other_invoice_title"
ORDER, TITLE, NUMBER, EMAIL, KIND = "invoice_order", "invoice_title", "tax_number", "email", "invoice_kind"
"""The kinds of values that a request for an invoice takes."""

_ASKED = frozenset({ORDER, TITLE, NUMBER, EMAIL})
_MOST_READ = 200  # characters; nobody says a title in longer messages
_SIGNS = re.compile(r"[\W_]+")
_A_NUMBER = re.compile(r"[0-9a-z][0-9a-z\s-]{2,30}")
_AN_ORDER = re.compile("(?:单号|订单号?|编号)?(?P<number>[0-9]{3,4})(?:那单|那个|那张|的|号)*")
_INVOICE = "(?:这张|那张|那个)?(?:发票|开票|票)"
_NONE_WANTED = re.compile(
    "(?:那|算了|我|先|就|还是|麻烦|帮我|请|把|刚才的?|的)*"
    f"(?:{_INVOICE}(?:我|就|先|也|申请|的|都)*(?:不[要用开需]|算了|取消|撤[回销]?|退掉?|别开)(?:要|用|开|掉)*"
    f"|(?:不[要用开需]|别|取消|撤[回销]?|不想)(?:要|开|用)*{_INVOICE}(?:申请)?)(?:[了吧啊呀哈]|谢谢)*"
)
_OTHER_TITLE = re.compile(
    "(?:我|想|要|把|发票|这个|那个|的|不对|等等)*(?:(?:换|改)(?:个|一个|一下|下)?抬头|抬头(?:写|填|弄|开)?(?:错|不对|不是这个|要[改换]|[改换]一?[下个]?)了?)(?:吧|了|啊|呀)*"
)
_UNKNOWN = "(?:不知道|不晓得|不清楚|不记得|忘记?了?|没有?|记不[得住清]|查不到|找不到)"
_NO_NUMBER = re.compile(
    f"(?:我|们|公司|现在|也|都|这个|暂时|还|是)*(?:{_UNKNOWN}(?:公司|单位|这个|的)*(?:税号)?|税号.{{0,3}}{_UNKNOWN})(?:是多少|多少|是啥|[了啊呢吧呀])*"
)
# A name without 公司 and the like: no word of talk stands in it. Titles that do are taken when 抬头 is said with them.
_TALK = re.compile(
    "[吗呢吧啊呀么嘛了的我你您他她它这那哪谁怎啥几没不别再还都也就先请帮给要想来去看点加换改退取订查问说等吃喝送付买卖]"
    "|积分|明细|菜|饭|汤|酒|水|茶|发票|抬头|税号|开票|专票|优惠|[券卡码]|订单|会员|活动|桌|位|单|账|服务|人工|客服|经理|门店|地址|电话|手机"
    "|停车|营业|几点|生日|抽奖|口味|忌口|打包|外[带卖]|堂食|自提|推荐|排队|预[订定约]|谢|好[的吧]|可以|能|会|有|在|是|对|行|等|催|快|多少|什么"
    "|随便|随意|都行|无所谓|测试|哈哈|嘿嘿|呵呵|(.)\\1\\1|一下|今[天晚]|明[天晚]|昨|晚上|中午|早上|[0-9一二两三四五六七八九十]+[份个碗杯瓶串条只盘人位号]"
)
_A_NAME = re.compile(r"[一-鿿a-z·][一-鿿a-z0-9()·&.\- ]{0,38}[一-鿿a-z0-9).]")


def invoice_said(
    text: str, words: ShopWords, *, expected: str | None, confirming: str | None, wanted: frozenset[str]
) -> tuple[Command, ...]:
    """What a message says of an invoice, before anything else is made of it; nothing where it speaks of something else.

    Args:
        expected: The kind of value of the open question.
        confirming: The flow that was read back and waits for its yes.
        wanted: The kinds of values that open flows take.
    """
    if len(text) > _MOST_READ:
        return ()
    spelled = normal_form(text).text
    plain = _SIGNS.sub("", spelled)
    talked_about = expected in _ASKED or confirming == REQUEST_INVOICE
    if _NONE_WANTED.fullmatch(plain):
        return (Cancel(),) if talked_about else (Ask(WITHDRAW_INVOICE),)
    if TITLE not in wanted:
        return ()
    said = _values(read_invoice_details(text), words)
    if said:
        return said
    if "@" in spelled:
        return (SetSlot(EMAIL, max(spelled.split(), key=lambda word: "@" in word)),)
    if _OTHER_TITLE.fullmatch(plain):
        return (Ask(OTHER_TITLE),)
    if expected in _ASKED and isinstance(read_phrase(text), Deny) and plain.startswith("不"):
        return (Cancel(),)  # 「不要了」 to 「抬头开什么？」
    if expected == NUMBER:
        if _NO_NUMBER.fullmatch(plain):
            return (Ask(NO_TAX_NUMBER),)
        if _A_NUMBER.fullmatch(spelled.strip()):
            return (SetSlot(NUMBER, text.strip()),)
    if expected == ORDER:
        number = _AN_ORDER.fullmatch(plain)
        return (SetSlot(ORDER, number["number"].zfill(4)),) if number else ()
    if expected in {TITLE, NUMBER} and is_plain_name(text, words):
        return (SetSlot(TITLE, text.strip()),)
    return ()


def is_plain_name(text: str, words: ShopWords) -> bool:
    """Whether a message is the name of somebody or something, and nothing else: 王小明, 青禾网络; no dish, no store, no word of talk."""
    spelled = normal_form(text).text.strip()
    if _A_NAME.fullmatch(spelled) is None or _TALK.search(spelled) or read_phrase(text) is not None:
        return False
    return not words.menu.find(text) and not words.stores.find(text)


def _values(details: InvoiceDetails, words: ShopWords) -> tuple[Command, ...]:
    """Each value that was said, the title first: a new one ends the number of the one before. A store of ours is no title."""
    ours = details.title is not None and details.title.endswith("店") and words.stores.find(details.title)
    found = (
        (TITLE, None if ours else details.title),
        (NUMBER, details.tax_number),
        (EMAIL, details.email),
        (KIND, details.kind),
    )
    return tuple(SetSlot(kind, value) for kind, value in found if value is not None)
