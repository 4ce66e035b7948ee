"""How words are spelled before anything reads them: half width, lower case, simplified, nothing invisible."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_uppercase

# Pairs of a traditional character and its simplified one: those of dishes, of ordering, of times and of what restaurants are asked.
_TRADITIONAL = (
    "買买單单結结帳账賬账點点購购車车會会員员積积幫帮謝谢煩烦銷销還还繼继續续請请問问嗎吗麼么個个裡里裏里這这沒没訂订說说對对應应該该來来"
    "幾几兩两湯汤飯饭麵面麪面雞鸡鴨鸭鵝鹅魚鱼蝦虾豬猪驢驴絲丝燒烧鹽盐醬酱薑姜蔥葱腸肠餅饼餃饺飲饮餛馄飩饨麥麦養养鮮鲜滷卤鹵卤燜焖燉炖燙烫"
    "鍋锅爐炉燻熏頭头塊块條条隻只張张貝贝蠔蚝鱸鲈鱔鳝鰻鳗鯽鲫鱖鳜鯉鲤鮑鲍鱉鳖蘿萝蔔卜筍笋蓮莲薺荠鹹咸醃腌魷鱿棗枣銀银檸柠龍龙蘇苏蘭兰雙双"
    "樣样們们嘗尝試试減减換换從从給给過过時时間间無无熱热溫温凍冻葉叶絨绒涼凉饅馒捲卷腦脑紅红燴烩鴿鸽糉粽臘腊餡馅盤盘壺壶籠笼聽听雜杂寶宝"
    "東东揚扬廣广樂乐鐵铁黃黄綠绿漿浆貴贵價价錢钱辦办確确認认題题開开後后門门喫吃盃杯兒儿漢汉鄉乡農农鬚须須须樹树螞蚂蟻蚁獅狮轉转貢贡發发"
    "長长魯鲁橋桥線线擔担陽阳慶庆鳳凤數数別别劃划撥拨歡欢顆颗碼码級级誰谁麽么掛挂燦灿濃浓鬆松馬马絕绝"
    "務务優优註注費费號号電电話话證证營营業业網网劵券週周禮礼節节聖圣誕诞曆历舊旧陰阴閏闰晝昼鐘钟現现約约遲迟尋寻儲储貼贴紙纸廁厕調调態态遠远進进環环視视寫写讀读賣卖據据領领獎奖輪轮遊游戲戏團团兌兑餘余額额"
    "權权閱阅關关閉闭刪删導导資资訊讯聯联繫系絡络預预廳厅樓楼層层場场氣气鬧闹靜静聲声響响煙烟嬰婴寵宠貓猫隊队評评議议訴诉邊边"
)
_TABLE = (
    {ord(old): new for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
    | {code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
    | {ord(char): char.lower() for char in ascii_uppercase}
    | {0x3000: " "}
)
# Nearly every message: characters that change, if at all, one by one.
_ONE_BY_ONE = re.compile("[一-鿿\u0020-\u007e\n\u3000。、“”‘’《》【】\uff01-\uff5e]*")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})


@dataclass(frozen=True, slots=True)
class NormalForm:
    """A text as it is read, and where each of its characters stood before.

    Attributes:
        origin: For each character of `text` its offset in what was written, and one more for the end.
    """

    text: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A span of `text` as a span of what was written."""
        return (self.origin[start], self.origin[end - 1] + 1) if end > start else (self.origin[start],) * 2


@lru_cache(maxsize=256)  # of one message each reader asks for it anew
def normal_form(written: str) -> NormalForm:
    """Spell a text as it is compared; spaces and line breaks stay, one for each."""
    if _ONE_BY_ONE.fullmatch(written):
        return NormalForm(written.translate(_TABLE), range(len(written) + 1))
    letters: list[str] = []
    origin: list[int] = []
    for offset, char in enumerate(written):
        plain = char if "一" <= char <= "鿿" else _spelled(char)
        letters.append(plain)
        origin.extend([offset] * len(plain))
    origin.append(len(written))
    return NormalForm("".join(letters).translate(_TABLE), origin)


@lru_cache(maxsize=4096)
def _spelled(char: str) -> str:
    if char in "\n\t":
        return char
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    return "".join(letter for letter in plain if unicodedata.category(letter) not in _INVISIBLE)


def blanked(text: str, taken: Sequence[tuple[int, int]], blank: str = " ") -> str:
    """A text without what was read of it already, every other character in its place. Args: taken: (start, end) of each part."""
    return "".join(blank if any(start <= at < end for start, end in taken) else char for at, char in enumerate(text))
