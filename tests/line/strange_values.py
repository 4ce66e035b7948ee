"""Words and values that nobody should send, for the mutated pushes."""

from typing import Final

# Each entity is ten of the one before; the last would be a hundred million characters.
BOMB: Final = (
    '<!DOCTYPE xml [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><xml><MsgType>&i;</MsgType></xml>"
)
FOREIGN_FILE: Final = '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><MsgType>&a;</MsgType></xml>'
ENCODINGS: Final = ("utf-16", "utf-16-le", "utf-32", "gb18030", "big5hkscs", "shift_jis", "utf-7", "latin-1", "utf-8-sig")
JUNK_XML: Final = (
    b"",
    b"success",
    b"<xml/>",
    b"<xml></xml>",
    b"</xml>",
    b"<html><body>502</body></html>",
    b"<xml><xml><MsgType>text</MsgType></xml></xml>",
)
TEXTS: Final = (
    *("", " ", "0", "1", "99999999999999999999", "①②③", "１２３４５６７８９０", "𝟙"),
    *("红烧肉" * 700, "🍚" * 500, "一" * 1999, "下单\n" * 300, "撤销" * 50, "\u0301" * 300, "9" * 400 + "份红烧肉"),
    *("-1份红烧肉", "红烧肉" + "1" * 30 + "份", "红烧肉NaN份", "零份可乐", "半份红烧肉"),
    *("\u202e单下\u202c", "\ufeff菜单\ufffe", "\ue000\U0010ffff", "来\x00一\x0b份\x1b[31m红烧肉", "\u2028"),
    *("' OR 1=1; DROP TABLE inbox_message; --", "{points}{0}{{}}%s%(a)s", "]]>]]&gt;<![CDATA[", "<a href='x'>红烧肉</a>"),
)
VALUES: Final = (
    *("", " ", "0", "-1", "1e309", "NaN", "inf", "9" * 30, "null", "true", "[]", "{}"),
    *("t.dongmen.A01", "t..", "t.dongmen." + "A" * 500, "qrscene_", "qrscene_t.x.y", "../../etc/passwd", "http://["),
    *("menu.", "menu.checkout", "menu.place_order", "menu.\u0000", "1.1", "01234567.1", "x.999", "红烧肉" * 100, "𝟙", "\u2028"),
)
QUERY_NAMES: Final = ("signature", "timestamp", "nonce", "openid", "encrypt_type", "msg_signature", "echostr", "%00", "")
QUERY_VALUES: Final = ("", "aes", "%FF%FE", "%00", "%", "%zz", "%E7%AD%BE%E5%90%8D", "a" * 3000, "+", "%0d%0aX:1")
