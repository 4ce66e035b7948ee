"""Which kinds of templates and notices there are, and how the account's own ones are named in the settings.

A setting is the id of the account's template, and, where its fields are not the usual ones, what each of them holds:
`ID` or `ID number=character_string1 store=thing5 time=time2`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.messages.kinds import BOOKING_REMINDER, INVOICE_ISSUED, ORDER_PAID, ORDER_READY, QUEUE_CALL
from wechat_gateway.api.template_fields import fit, is_typed

# Kind -> plain name of a value -> the usual typed field. Only service: nothing here may speak of coupons or offers to buy.
KINDS: Final[Mapping[str, Mapping[str, str]]] = {
    ORDER_PAID: {"number": "character_string1", "store": "thing2", "amount": "amount3", "time": "time4"},
    ORDER_READY: {"number": "character_string1", "store": "thing2", "note": "thing3"},
    QUEUE_CALL: {"number": "character_string1", "store": "thing2", "table": "thing3", "note": "thing4"},
    BOOKING_REMINDER: {"store": "thing1", "time": "time2", "people": "number3", "note": "thing4"},
    INVOICE_ISSUED: {"number": "character_string1", "amount": "amount2", "time": "time3"},
}

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Template:
    """A template or notice of the account.

    Attributes:
        id: As the account lists it.
        fields: Plain name of a value -> the account's typed field. A value that is not named here is left out.
    """

    id: str
    fields: Mapping[str, str]

    def fill(self, values: Mapping[str, str]) -> dict[str, str]:
        """The typed fields with their values, words cut to their limits. A value that is missing here is left to the check."""
        known = {field: fit(field, values[name]) for name, field in self.fields.items() if name in values}
        # Messages of an older version hold typed fields already.
        return known or {field: fit(field, value) for field, value in values.items() if is_typed(field)}


def read_template(kind: str, setting: str) -> Template | None:
    """Read a setting; None when it is empty: this account has none of the kind.

    Raises:
        ValueError: In words, what is wrong with it.
    """
    words = setting.split()
    if not words:
        return None
    template_id, named = words[0], words[1:]
    if not _ID.fullmatch(template_id):
        raise ValueError("must begin with the id of the template, as the account lists it")
    usual = KINDS[kind]
    if not named:
        return Template(template_id, usual)
    fields: dict[str, str] = {}
    for pair in named:
        name, _, field = pair.partition("=")
        if name not in usual:
            raise ValueError(f"{pair}: there is no value {name!r}; there are {', '.join(usual)}")
        if not is_typed(field):
            raise ValueError(f"{pair}: {field!r} is no field of WeChat's, such as thing1 or time2")
        if name in fields or field in fields.values():
            raise ValueError(f"{pair}: named twice")
        fields[name] = field
    return Template(template_id, fields)
