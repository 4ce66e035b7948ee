"""叫服务员: which table calls, and for what, for the waiters' printer. Called again, called for too long, and needed no more."""

from enum import Enum
from typing import NotRequired, TypedDict

from printing.tickets.orders import local, waited
from printing.tickets.ticket import Beep, Block, Cut, Row, Rule, Stamp, Text, Ticket


class CalledTable(TypedDict):
    """Payload of CallMade v1 and of its followers, what a slip needs of it. `minutes` and `times` are of CallEscalated."""

    call_id: str
    store_id: str
    zone: str
    table_code: str
    title: str
    words: str
    called_at: str
    minutes: NotRequired[int]
    times: NotRequired[int]


class CallMark(Enum):
    """What the slip says over the table."""

    MADE = "【呼叫】"
    AGAIN = "【再次呼叫】"
    URGENT = "【催】"
    WITHDRAWN = "【不用了】"


def service_call_slip(call: CalledTable, mark: CallMark, moment: str, *, code: str) -> Ticket:
    """The slip of one call: table and wish in large letters, the diner's own words below.

    Args:
        moment: When this slip came about, ISO and aware.
        code: Short code of the slip, the same on every copy.
    """
    blocks: list[Block] = [] if mark is CallMark.WITHDRAWN else [Beep()]
    blocks += [
        Text(mark.value, size=2, align="center"),
        Text(f"桌:{call['table_code']} {call['title']}", size=2, align="center"),
    ]
    if call["words"] and call["words"] != call["title"]:
        blocks += [Rule(), Text(f"客人说:{call['words']}", bold=True)]
    blocks.append(Rule())
    if mark is not CallMark.MADE:
        times = f"第{call['times']}次催" if "times" in call else ""
        blocks.append(Row(f"呼叫{local(call['called_at'], call['zone']):%H:%M} 已等{waited(call['called_at'], moment)}分", times))
    return Ticket((*blocks, Stamp(f"{local(moment, call['zone']):%H:%M:%S}", call["zone"], code), Cut()))
