"""Whatever a file is: a document or a list of faults, never anything else, and a document reads back equal."""

import json
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.shop.document import ShopDocument
from domain.shop.errors import ShopFileError
from domain.shop.reading import read_shop
from domain.shop.records import stored
from domain.shop.snapshot import snapshot_of
from tests.domain.shop.files import DEMO, SMALL

QUICK = settings(max_examples=150)
DEMO_TEXT = DEMO.read_text(encoding="utf-8")
KEYS = ["brand", "stores", "menu", "set_meals", "id", "name", "price", "dishes", "hours", "daily", "tables", "options", "choices"]
scalars = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["58", "58.00", "-1", "001", "no", "10:30-14:00", "~", "", "1e9", "tcp://a:1", "A01", "红烧肉", "\x00", "٣", "𝟙"]),
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=6)), inner, max_size=5)
    ),
    max_leaves=25,
)


def reads(raw: bytes) -> None:
    try:
        found = read_shop(raw)
    except ShopFileError as error:
        refused = error
    else:
        refused = None
    if refused is not None:
        assert refused.faults
        assert all(fault.line >= 1 and fault.column >= 1 and fault.problem for fault in refused.faults)
        return
    assert ShopDocument.model_validate(json.loads(json.dumps(stored(found.document)))) == found.document
    snapshot_of(found.document)


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes):
    reads(raw)


@QUICK
@given(st.text(alphabet="abc:-[]{}#&*!|>'\"%@`,?~ \n\t\r0.好", max_size=120))
def test_any_punctuation(text: str):
    reads(text.encode())


@QUICK
@given(trees)
def test_any_tree(tree: Any):
    reads(yaml.safe_dump(tree, allow_unicode=True).encode())


@QUICK
@given(st.fixed_dictionaries({"stores": st.lists(st.fixed_dictionaries({"id": scalars, "name": scalars}, optional={
    "hours": trees, "tables": trees, "printers": trees, "menu": trees, "location": trees, "rooms": trees, "table_pairs": trees,
    "delivery": trees, "service_fee": scalars, "timezone": scalars, "pay": scalars,
}), max_size=3)}, optional={"brand": trees, "menu": trees, "set_meals": trees}))  # fmt: skip
def test_any_values_under_right_keys(tree: Any):
    reads(yaml.safe_dump(tree, allow_unicode=True).encode())


@QUICK
@given(st.data())
def test_mutations_of_the_demo_shop(data: st.DataObject):
    text = DEMO_TEXT
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        end = at + data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.one_of(scalars, st.sampled_from(["\n", "  ", ": ", "- ", "[", "}", "*spice", "&x "]))) + text[end:]

    reads(text.encode("utf-8", errors="surrogatepass"))


@QUICK
@given(st.integers(0, len(SMALL.encode()) - 1), st.integers(0, 255))
def test_one_byte_changed(at: int, byte: int):
    raw = bytearray(SMALL.encode())
    raw[at] = byte

    reads(bytes(raw))


@settings(max_examples=60)
@given(st.integers(0, len(SMALL.encode())))
def test_a_file_cut_short(length: int):
    reads(SMALL.encode()[:length])
