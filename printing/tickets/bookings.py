"""订位单 for whoever welcomes the guests of today: a booking that is asked for, new, changed, or off."""

from dataclasses import dataclass
from enum import Enum

from printing.tickets.orders import local
from printing.tickets.ticket import Beep, Block, Cut, Row, Rule, Stamp, Text, Ticket


class BookingMark(Enum):
    """What the slip says on top."""

    ASKED = "【订位待回复】"
    NEW = "【新订位】"
    CHANGED = "【订位改了】"
    CANCELLED = "【订位取消】"


@dataclass(frozen=True, slots=True)
class BookedParty:
    """What a slip says of a booking. Times are ISO and aware; `place` is the room or the tables, `before` what was, of a changed one;
    `question` what the staff must answer, and until when, of one that is asked for.
    """

    number: str
    starts_at: str
    ends_at: str
    zone: str
    people: int
    kids: int
    place: str
    name: str
    notes: str
    before: str = ""
    question: str = ""


def booking_slip(party: BookedParty, mark: BookingMark, moment: str, *, code: str) -> Ticket:
    """The slip of one booking: when, where and how many in large letters; whom to ask for, and what to prepare, below.

    Args:
        moment: When this slip came about, ISO and aware.
        code: Short code of the slip, the same on every copy.
    """
    starts, ends = (local(at, party.zone) for at in (party.starts_at, party.ends_at))
    kids = f"(孩子{party.kids})" if party.kids else ""
    blocks: list[Block] = [
        Beep(),
        Text(mark.value, size=2, align="center"),
        Text(f"{starts:%H:%M} {party.place}", size=2, align="center", bold=mark is not BookingMark.CANCELLED),
        Row(f"{party.people}人{kids}", f"{party.number} 到{ends:%H:%M}"),
    ]
    if party.before:
        blocks.append(Text(f"原来:{party.before}"))
    if party.question:
        blocks.append(Text(party.question, bold=True))
    if mark is not BookingMark.CANCELLED and (party.name or party.notes):
        blocks.append(Rule())
        blocks += [Text(f"客人:{party.name}")] if party.name else []
        blocks += [Text(f"备注:{party.notes}", bold=True)] if party.notes else []
    made = local(moment, party.zone)
    return Ticket((*blocks, Stamp(f"{made:%H:%M:%S}", party.zone, code), Cut()))
