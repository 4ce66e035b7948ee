"""排队小票 for a guest without a phone, and 叫号单 for whoever leads a party to its table."""

from datetime import timedelta
from typing import TypedDict

from printing.tickets.orders import local
from printing.tickets.ticket import Beep, Block, Cut, Qr, Row, Rule, Stamp, Text, Ticket

_WHY = {"spill": "大桌空出,本队无人等", "priority": "会员优先(每10桌最多1桌)", "staff": "店员安排"}


class QueueNumber(TypedDict):
    """What all events of the waitlist say of a number."""

    ticket_id: str
    store_id: str
    store_name: str
    zone: str
    number: str
    people: int


class TakenNumber(QueueNumber):
    """Payload of NumberTaken v1, what a ticket needs of it. Minutes promised: `low` to `high`."""

    ahead: int
    low: int
    high: int
    paper: bool
    taken_at: str


class CalledNumber(QueueNumber):
    """Payload of NumberCalled v1, what a slip needs of it."""

    table_code: str
    reason: str
    again: bool
    called_at: str


def queue_ticket(taken: TakenNumber, *, qr: str, code: str) -> Ticket:
    """排队小票: the number in large letters, how many parties of its line are ahead, and the time that was promised.

    Args:
        qr: What the code says that shows how the line stands.
        code: Short code of the ticket, the same on every copy.
    """
    taken_at = local(taken["taken_at"], taken["zone"])
    first, last = (taken_at + timedelta(minutes=taken[end]) for end in ("low", "high"))
    blocks: list[Block] = [
        Text(taken["store_name"], align="center"),
        Text("排队号", align="center"),
        Text(taken["number"], size=2, align="center", bold=True),
        Row(f"{taken['people']}人", f"前面{taken['ahead']}桌" if taken["ahead"] else "马上叫到"),
        Rule(),
        Text(f"预计等{taken['low']}-{taken['high']}分钟", bold=True),
        Text(f"约{first:%H:%M}-{last:%H:%M}叫号"),
        Text("过号可重排一次,排在后3桌;再过号作废"),
        Rule(),
        Qr(qr),
        Text("扫码看进度", align="center"),
    ]
    return Ticket((*blocks, Stamp(f"取号{taken_at:%H:%M:%S}", taken["zone"], code), Cut()))


def call_slip(called: CalledNumber, *, code: str) -> Ticket:
    """叫号单: who goes to which table, and why when it is not simply the party's turn.

    Args:
        code: Short code of the ticket, the same on every copy.
    """
    called_at = local(called["called_at"], called["zone"])
    why = _WHY.get(called["reason"])
    blocks: list[Block] = [
        Beep(),
        Text("【叫号】", size=2, align="center"),
        Text(f"{called['number']}→{called['table_code']}", size=2, align="center", bold=True),
        Row(f"{called['people']}人", "再次叫号" if called["again"] else ""),
        *([Text(why)] if why else []),
    ]
    return Ticket((*blocks, Stamp(f"叫号{called_at:%H:%M:%S}", called["zone"], code), Cut()))
