"""The parts of a store's name and address by which diners call it: city, district, street, mall."""

import re
from collections.abc import Iterator

_CITY = re.compile(r"\s*(?:[一-鿿]{2,5}?(?:省|自治区))?([一-鿿]{2,6}?)市(?:([一-鿿]{1,6}?)(?:新区|[区县市]))?")
_DISTRICT = re.compile(r"([一-鿿]{2,6}?)(?:新区|区|县)")
_PLACES = "大道|步行街|购物中心|广场|中心|大厦|商场|商城|百货|胡同|天地|巷子|公园|大学|机场|软件园|[路街巷弄城里园港汇坊村镇湖站]"
_PLACE = re.compile(rf"[一-鿿]{{1,8}}?(?:{_PLACES})(?![一-鿿]{{0,2}}(?:大道|路|街))")
_SECTION = re.compile("^(?:[东西南北中一二三四五六七八九十]段)+")
_NUMBER = re.compile(r"[0-9\s,，.。、()（）\-#]+|号楼?|层|楼|单元|铺|室|[a-z]+座?")
_LONG_PLACE = re.compile("(?:步行街|购物中心|广场|中心|大厦|商场|商城|百货|天地|公园|大学|路|街|巷子|巷|城)$")
# Words that every town has: they call no store.
_EVERYWHERE = """
    大道 步行街 购物中心 广场 中心 大厦 商场 商城 百货 胡同 天地 巷子 市中心 商业街 老街 新街 学校 小区 附近 门口 路口 楼下 地铁站 车站
    人民 中山 解放 城里 这里 那里 哪里 家里 店里 里面
"""
GENERIC = frozenset(_EVERYWHERE.split())


def areas_of(address: str) -> list[str]:
    """City and district, with and without 市 and 区."""
    match = _CITY.match(address)
    found: list[str] = []
    if match:
        found += [match[1] + "市", match[1]]
    rest = _DISTRICT.match(address[match.end(1) + 1 if match else 0 :])
    if rest:
        found += [rest[0], rest[1]]
    return [area for area in found if len(area) > 1]


def places_of(address: str, brand: str) -> list[str]:
    """Streets, malls and quarters of an address. What the brand calls by its own name (好味广场) is left out."""
    match = _CITY.match(address)
    rest = address[match.end() :] if match else address
    district = _DISTRICT.match(rest)
    if district:
        rest = rest[district.end() :]
    return [place for piece in _NUMBER.split(rest) if piece for place in _places(piece) if not (brand and brand in place)]


def _places(piece: str) -> Iterator[str]:
    at = 0
    while at < len(piece):
        section = _SECTION.match(piece[at:])
        at += section.end() if section else 0
        match = _PLACE.match(piece, at)
        if match is None:
            break
        if len(match[0]) > 2 and match[0] not in GENERIC:
            yield match[0]
        at = match.end()


def short_of(place: str) -> str:
    """万达 of 万达广场; empty where too little would be left."""
    short = _LONG_PLACE.sub("", place)
    return short if short != place and len(short) > 1 and short not in GENERIC else ""


def tails_of(core: str) -> list[str]:
    """软件园 of 高新软件园: ends of a name that are places themselves."""
    return [core[at:] for at in range(1, len(core) - 2) if core[at:] not in GENERIC and re.search(f"(?:{_PLACES}|子)$", core[at:])]
