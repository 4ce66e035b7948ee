"""Push XML into plain values, and reply XML out of them.

Reading is one pass of expat with our own limits: no DTD, no entities but the five of XML, UTF-8 only. The plain form
that nearly every push has is read by one regular expression instead; tests prove both equal.
"""

import re
from typing import Any, TypeAlias
from xml.parsers import expat

from domain.kernel.text import clean
from wechat_gateway.errors import PushRefusedError

MAX_XML_BYTES = 64 * 1024  # the longest real push, the result of a mass send of eight articles, has under 4 KB
MAX_DEPTH = 8  # real pushes reach 5: xml > ArticleUrlResult > ResultList > item > ArticleUrl
MAX_ELEMENTS = 500

# One element of the plain form: a CDATA section or bare text, and nothing that XML forbids, folds or nests.
# No "<" in either, so that a search that fails ends there and hostile input costs no more than its length.
_ELEMENT = re.compile(
    r"<([A-Za-z_][A-Za-z0-9_]*)>"
    r"(?:<!\[CDATA\[([^<\]\x00-\x08\x0b-\x1f\ufffe\uffff]*)\]\]>|([^<&\]\x00-\x08\x0b-\x1f\ufffe\uffff]*))</\1>"
)
_BEGIN, _END = "<xml>", "</xml>"

FieldValue: TypeAlias = "str | dict[str, FieldValue] | list[FieldValue]"
Fields: TypeAlias = dict[str, FieldValue]


def read_fields(body: bytes) -> Fields:
    """Read the elements below `<xml>`.

    An element with elements inside becomes a dict, any other its text as it stands ("" when empty); a name that
    comes again makes a list. Attributes, comments and text between elements mean nothing here.

    Raises:
        PushRefusedError: `json_format`, `too_large`, `bad_encoding` or `malformed`.
    """
    if len(body) > MAX_XML_BYTES:
        raise PushRefusedError("too_large", f"{len(body)} bytes of XML")
    body = body.strip()
    if body[:1] in {b"{", b"["}:
        raise PushRefusedError("json_format", "set the account's message format to XML")
    return _read_plain(body) or _read_any(body)


def _read_plain(body: bytes) -> Fields | None:
    """Fields of the plain form: elements one after the other, each name once. None for any other form."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise PushRefusedError("bad_encoding", "not UTF-8") from None
    if not (text.startswith(_BEGIN) and text.endswith(_END)):
        return None
    pieces = _ELEMENT.split(text[len(_BEGIN) : -len(_END)])  # between, name, section, bare, between, …, between
    if "".join(pieces[::4]).strip(" \n\t"):
        return None
    names = pieces[1::4]
    fields: Fields = {
        name: bare if section is None else section for name, section, bare in zip(names, pieces[2::4], pieces[3::4], strict=True)
    }
    return fields if len(fields) == len(names) <= MAX_ELEMENTS else None


def _read_any(body: bytes) -> Fields:
    root = _read_tree(body).get("xml")
    if not isinstance(root, dict):
        raise PushRefusedError("malformed", "no fields below <xml>")
    return root


def _read_tree(body: bytes) -> dict[str, Any]:
    nodes: list[dict[str, Any] | None] = [None]
    texts: list[str] = []
    elements = 0

    def on_start(name: str, attributes: object) -> None:
        nodes.append(None)
        texts.clear()
        if len(nodes) > MAX_DEPTH + 1:
            raise PushRefusedError("too_large", f"more than {MAX_DEPTH} levels")

    def on_end(name: str) -> None:
        nonlocal elements
        elements += 1
        if elements > MAX_ELEMENTS:
            raise PushRefusedError("too_large", f"more than {MAX_ELEMENTS} elements")
        node = nodes.pop()
        value: Any = "".join(texts) if node is None else node
        parent = nodes[-1]
        if parent is None:
            nodes[-1] = {name: value}
        elif name not in parent:
            parent[name] = value
        elif type(parent[name]) is list:
            parent[name].append(value)
        else:
            parent[name] = [parent[name], value]

    parser = expat.ParserCreate("utf-8")  # whatever the declaration claims; _on_declaration refuses other claims
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = texts.append
    parser.XmlDeclHandler = _on_declaration
    parser.StartDoctypeDeclHandler = _on_doctype
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise PushRefusedError("malformed", expat.ErrorString(error.code)) from None
    return nodes[0] or {}


def _on_declaration(version: str, encoding: str | None, standalone: int) -> None:
    if encoding is not None and encoding.lower() not in {"utf-8", "utf8"}:
        raise PushRefusedError("bad_encoding", "declared as something else than UTF-8")


def _on_doctype(name: str, system_id: str | None, public_id: str | None, has_internal_subset: int) -> None:
    raise PushRefusedError("malformed", "a document type is declared")


def cdata(text: str) -> str:
    """Wrap a text so that nothing in it can end the section or break the document."""
    text = clean(text)
    if "]]>" in text:
        text = text.replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"
