"""Reading push XML safely, and writing text that stays inside its element."""

import json
import re
import time
import tracemalloc
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.wechat_gateway import samples
from wechat_gateway.errors import PushRefusedError
from wechat_gateway.xml import MAX_DEPTH, MAX_ELEMENTS, MAX_XML_BYTES, _read_any, _read_plain, cdata, read_fields

SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "wechat"


def reason(body: bytes) -> str:
    """Why a body is refused."""
    try:
        read_fields(body)
    except PushRefusedError as refused:
        return refused.reason
    pytest.fail("was read")


def independent(element: ET.Element) -> Any:
    """The same shape, read by ElementTree."""
    if not len(element):
        return element.text or ""
    values: dict[str, list[Any]] = {}
    for child in element:
        values.setdefault(child.tag, []).append(independent(child))
    return {name: found[0] if len(found) == 1 else found for name, found in values.items()}


def collected_samples() -> list[Any]:
    if not SHARED.exists():
        return []
    index = json.loads((SHARED / "INDEX.json").read_text("utf-8"))
    return [pytest.param(entry, id=Path(entry["file"]).stem) for entry in index]


class TestShape:
    def test_leaf_nested_repeated_and_empty(self) -> None:
        body = b"""<xml>
<Event><![CDATA[PUBLISHJOBFINISH]]></Event>
<Empty></Empty><EmptyToo/><EmptySection><![CDATA[]]></EmptySection>
<Info><Count>2</Count><PicList><item><Md5>1</Md5></item><item><Md5>2</Md5></item></PicList><fail_idx>1</fail_idx><fail_idx>2</fail_idx></Info>
</xml>"""

        assert read_fields(body) == {
            "Event": "PUBLISHJOBFINISH",
            "Empty": "",
            "EmptyToo": "",
            "EmptySection": "",
            "Info": {"Count": "2", "PicList": {"item": [{"Md5": "1"}, {"Md5": "2"}]}, "fail_idx": ["1", "2"]},
        }

    def test_repeated_three_times_makes_one_list(self) -> None:
        assert read_fields(b"<xml><a>1</a><b/><a>2</a><a><c>3</c></a></xml>") == {"a": ["1", "2", {"c": "3"}], "b": ""}

    def test_blanks_around_a_section_belong_to_the_text(self) -> None:
        assert read_fields(b"<xml><a> <![CDATA[x]]> </a></xml>") == {"a": " x "}

    def test_comments_attributes_and_text_between_mean_nothing(self) -> None:
        assert read_fields(b'<xml v="1">t<!-- c --><a k="v">1<!-- c -->2</a>t</xml>') == {"a": "12"}

    def test_the_five_entities_and_characters_by_number(self) -> None:
        assert read_fields(b"<xml><a>&lt;&gt;&amp;&quot;&apos;&#x4e2d;</a></xml>") == {"a": "<>&\"'中"}

    def test_declaration_byte_order_mark_and_blanks_around(self) -> None:
        body = "\ufeff<?xml version='1.0' encoding='UTF-8'?>\n<xml><a>好味🍜</a></xml>\n".encode()

        assert read_fields(body) == {"a": "好味🍜"}
        assert read_fields(b"\n  <xml><a>1</a></xml>  \n") == {"a": "1"}

    @pytest.mark.parametrize("entry", collected_samples())
    def test_collected_samples(self, entry: dict[str, Any]) -> None:
        assert read_fields((SHARED / entry["file"]).read_bytes()) == entry["fields"]


NAMES = st.sampled_from(["Content", "MsgId", "item", "_a1", "é", "a-b"])
TEXTS = st.text(
    st.one_of(st.sampled_from("]><&;!\r\n\t \x00\x0b\ufffe\uffff[/x"), st.characters(codec="utf-8")),
    max_size=12,
)


def element(name: str, text: str, form: int) -> str:
    inner = [f"<![CDATA[{text}]]>", text, f" <![CDATA[{text}]]> ", cdata(text)][form]
    return f"<{name}>{inner}</{name}>"


ELEMENTS = st.builds(element, NAMES, TEXTS, st.integers(0, 3))


class TestBothReaders:
    """The quick reader must agree with expat on whatever it takes."""

    @settings(max_examples=600)
    @given(elements=st.lists(ELEMENTS, max_size=6), between=st.sampled_from(["", "\n", " \t", "x", "<!-- -->", "\xa0", "&amp;"]))
    @example(elements=["<a>1]]>2</a>"], between="")
    @example(elements=["<a><![CDATA[1]]>2]]></a>"], between="")
    @example(elements=["<a><![CDATA[1\r\n2]]></a>"], between="")
    @example(elements=["<a>1</a>", "<a>2</a>"], between="\n")
    def test_agree(self, elements: list[str], between: str) -> None:
        body = ("<xml>" + between.join(["", *elements, ""]) + "</xml>").encode()

        quick = _read_plain(body)

        if quick:
            assert _read_any(body) == quick

    @settings(max_examples=400)
    @given(
        elements=st.lists(st.recursive(ELEMENTS, lambda inner: st.builds("<n>{}</n>".format, inner), max_leaves=3), min_size=1, max_size=5)
    )
    def test_as_elementtree_reads_it(self, elements: list[str]) -> None:
        body = f"<xml>{''.join(elements)}</xml>".encode()
        try:
            root = ET.fromstring(body.decode())
        except ET.ParseError:
            assert reason(body) in {"malformed", "bad_encoding"}
            return

        assert read_fields(body) == independent(root)

    def test_the_platforms_own_form_is_read_by_the_quick_one(self) -> None:
        assert _read_plain(samples.text_xml("来两份宫保鸡丁")) == _read_any(samples.text_xml("来两份宫保鸡丁"))


class TestRefused:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b" ",
            b"junk",
            b"<xml>",
            b"<xml></xml>",
            b"<xml/>",
            b"<xml>text</xml>",
            b"<html><a>1</a></html>",
            b"<xml><a>1</a></xml><xml><a>1</a></xml>",
            b"<xml><a>1</b></xml>",
            b"<xml><a>&unknown;</a></xml>",
            b"<xml><a>\x00</a></xml>",
            b"<xml><a><![CDATA[\x08]]></a></xml>",
            b"<xml><a>1]]>2</a></xml>",
        ],
    )
    def test_malformed(self, body: bytes) -> None:
        assert reason(body) == "malformed"

    @pytest.mark.parametrize(
        "body",
        [
            "<?xml version='1.0' encoding='GBK'?><xml><a>中</a></xml>".encode("gbk"),
            b"<?xml version='1.0' encoding='GBK'?><xml><a>1</a></xml>",
            "<?xml version='1.0' encoding='UTF-16'?><xml><a>1</a></xml>".encode("utf-16"),
            "<xml><a>1</a></xml>".encode("utf-16"),
            "<xml><a>中</a></xml>".encode("gbk"),
            b"<xml><a>\xed\xa0\x80</a></xml>",
            b"<xml><a>\xc0\xaf</a></xml>",
            b"<?xml version='1.0' encoding='utf-7'?><xml><a>+ADw-</a></xml>",
        ],
    )
    def test_anything_but_utf8(self, body: bytes) -> None:
        assert reason(body) in {"bad_encoding", "malformed"}

    @pytest.mark.parametrize("body", [b'{"ToUserName":"gh"}', b'\n [{"a":1}]'])
    def test_json_says_which_setting_is_wrong(self, body: bytes) -> None:
        assert reason(body) == "json_format"

    @pytest.mark.parametrize(
        "document_type",
        [
            b"<!DOCTYPE xml>",
            b'<!DOCTYPE xml SYSTEM "file:///etc/passwd">',
            b'<!DOCTYPE xml [<!ENTITY a "b">]>',
            b'<!DOCTYPE xml [<!ENTITY % a SYSTEM "http://127.0.0.1/"> %a;]>',
            b'<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        ],
    )
    def test_document_types(self, document_type: bytes) -> None:
        assert reason(document_type + b"<xml><a>&a;</a></xml>") == "malformed"
        assert reason(b"<?xml version='1.0'?>" + document_type + b"<xml><a>1</a></xml>") == "malformed"

    def test_a_diner_may_write_about_document_types(self) -> None:
        assert read_fields(samples.text_xml('<!DOCTYPE xml [<!ENTITY a "b">]>&a;'))["Content"] == '<!DOCTYPE xml [<!ENTITY a "b">]>&a;'

    def test_too_many_bytes_levels_or_elements(self) -> None:
        assert reason(b"<xml><a>" + b"x" * MAX_XML_BYTES + b"</a></xml>") == "too_large"
        assert reason(b"<xml>" + b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH + b"</xml>") == "too_large"
        assert reason(b"<a>" * 5000) == "too_large"
        assert reason(b"<xml>" + b"<a/>" * MAX_ELEMENTS + b"</xml>") == "too_large"
        many = "".join(f"<a{n}>1</a{n}>" for n in range(MAX_ELEMENTS + 1))
        assert reason(f"<xml>{many}</xml>".encode()) == "too_large"

    def test_deepest_and_longest_that_pass(self) -> None:
        deep = b"<xml>" + b"<a>" * (MAX_DEPTH - 1) + b"</a>" * (MAX_DEPTH - 1) + b"</xml>"
        assert "a" in read_fields(deep)
        many = "".join(f"<a{n}>1</a{n}>" for n in range(MAX_ELEMENTS - 1))
        assert len(read_fields(f"<xml>{many}</xml>".encode())) == MAX_ELEMENTS - 1


class TestBombs:
    BOMB = (
        b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "'
        + b"ha" * 50
        + b'">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
        + b"]><xml><Content>&j;</Content></xml>"
    )
    SLOW = (
        b"<xml>" + b"<a>" * 20_000,
        b"<xml>" + b"<a>x</a>" * 8_000,
        b"<xml><a><![CDATA[" + b"]" * 60_000,
        b"<xml>" + b"<a><![CDATA[" * 5_000 + b"</xml>",
        b"<xml>" + b"<" * 60_000 + b"</xml>",
        b"<xml><" + b"a" * 60_000 + b"></xml>",
        b"<xml><a " + b'b="c" ' * 10_000 + b"/></xml>",
    )

    def test_laughs_grow_no_memory(self) -> None:
        read = [self.BOMB, *self.SLOW] * 5
        for body in read:
            reason(body)
        tracemalloc.start()
        for body in read:
            reason(body)
        kept, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert kept < 100_000
        assert peak < 8_000_000

    @pytest.mark.parametrize("body", [BOMB, *SLOW])
    def test_refused_in_little_time(self, body: bytes) -> None:
        began = time.process_time()

        reason(body)

        assert time.process_time() - began < 0.2


class TestCdata:
    @pytest.mark.parametrize("text", ["", "好味", "]]>", "]]]]>>", "a]]>b]]>c", "]]><MsgType>x</MsgType>", "&<>\"'", "🍜" * 1000])
    def test_comes_back_as_it_was(self, text: str) -> None:
        assert read_fields(f"<xml><a>{cdata(text)}</a></xml>".encode()) == {"a": text}

    @settings(max_examples=300)
    @given(text=st.text())
    def test_whatever_the_text_the_document_holds(self, text: str) -> None:
        fields = read_fields(f"<xml><a>{cdata(text)}</a><b>1</b></xml>".encode())

        assert set(fields) == {"a", "b"}
        assert isinstance(fields["a"], str)
        assert not re.search(r"[\x00-\x08\x0b-\x1f]", fields["a"])
