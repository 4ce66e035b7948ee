"""Which characters a kitchen printer can draw: those of GBK, and what stands for the others."""

import unicodedata

from domain.kernel.text import clean

MISSING = "□"
"""Stands on paper for a character that a GBK printer has no picture of (emoji, hanzi outside GBK)."""

_SPELLED = {"¥": "￥", "€": "EUR", "£": "GBP"}
_UNSEEN = {"Mn", "Me", "Cf", "Cc", "Sk"}
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def printable(text: str) -> str:
    """The text as paper can show it: one line, GBK only, nothing that a printer takes for a command.

    Line breaks and every kind of space become a space. A yen sign becomes ￥. A letter that GBK lacks loses its
    accents or its special form ("ñ" n, "ﬁ" fi); when even that does not help, □ stands for it. Marks that only
    change the look of the character before them (variation selectors, skin tones) are dropped. Never raises.

    Source: reference printing §1.1 (four-byte GB18030 comes out as junk on GBK printers).
    """
    return "".join(_draw(char) for char in unicodedata.normalize("NFC", clean(text)))


def cells(text: str) -> int:
    """Width in half-width cells; in GBK a byte is a cell. Takes printable text.

    Source: reference printing §1.2.
    """
    return len(text.encode("gbk"))


def _draw(char: str) -> str:
    if " " <= char <= "~":
        return char
    if char.isspace():
        return "\u3000" if char == "\u3000" else " "
    if _in_gbk(char):
        return char
    if char in _SPELLED:
        return _SPELLED[char]
    if unicodedata.category(char) in _UNSEEN or ord(char) in _SKIN_TONES:
        return ""
    plain = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    if plain != char and plain.isprintable() and all(" " <= part <= "~" or _in_gbk(part) for part in plain):
        return plain
    return MISSING


def _in_gbk(char: str) -> bool:
    try:
        return len(char.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False
