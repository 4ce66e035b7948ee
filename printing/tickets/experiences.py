"""活动名单 for whoever prepares a session: its guests with their numbers to tick off, ages and notes, and how many kits to lay out."""

from collections import Counter
from dataclasses import dataclass

from printing.tickets.orders import local
from printing.tickets.ticket import Beep, Block, Cut, Row, Rule, Stamp, Text, Ticket


@dataclass(frozen=True, slots=True)
class ListedGuest:
    """A party on the list. `ages` names a band for each child; `unpaid`: its places are kept, and its price has not come yet."""

    number: str
    name: str
    adults: int
    children: int
    ages: tuple[str, ...]
    kits: int
    notes: str
    unpaid: bool = False
    here: bool = False


@dataclass(frozen=True, slots=True)
class GuestList:
    """A session with its guests. Times are ISO and aware; `kit_name` is "" where there are none."""

    name: str
    starts_at: str
    ends_at: str
    zone: str
    kit_name: str
    guests: tuple[ListedGuest, ...]


def guest_list(session: GuestList, moment: str, *, code: str) -> Ticket:
    """The list of a session: what, when and how many in large letters; each party with a box to tick below.

    Args:
        moment: When this list came about, ISO and aware.
        code: Short code of the list, the same on every copy.
    """
    starts, ends = (local(at, session.zone) for at in (session.starts_at, session.ends_at))
    adults, children = (sum(getattr(guest, who) for guest in session.guests) for who in ("adults", "children"))
    kits = sum(guest.kits for guest in session.guests)
    ages = Counter(age for guest in session.guests for age in guest.ages)
    blocks: list[Block] = [
        Beep(),
        Text("【活动名单】", size=2, align="center"),
        Text(f"{starts:%H:%M} {session.name}", size=2, align="center", bold=True),
        Row(f"{starts:%m-%d} 到{ends:%H:%M}", f"{len(session.guests)}家 {_party(adults, children)}"),
    ]
    if kits:
        blocks.append(Row(f"{session.kit_name}", f"{kits}份"))
    if ages:
        blocks.append(Text("孩子:" + "、".join(f"{age}×{number}" for age, number in sorted(ages.items()))))
    blocks.append(Rule())
    for guest in session.guests:
        blocks += _guest(guest)
    made = local(moment, session.zone)
    return Ticket((*blocks, Rule(), Stamp(f"{made:%H:%M:%S}", session.zone, code), Cut()))


def _guest(guest: ListedGuest) -> list[Block]:
    box = "√" if guest.here else "□"
    blocks: list[Block] = [Row(f"{box}{guest.number} {guest.name}".rstrip(), _party(guest.adults, guest.children), bold=True)]
    details = [*(["未付款"] if guest.unpaid else []), *(["、".join(guest.ages)] if guest.ages else [])]
    blocks += [Text(" ".join(details), indent=2)] if details else []
    blocks += [Text(f"备注:{guest.notes}", indent=2)] if guest.notes else []
    return blocks


def _party(adults: int, children: int) -> str:
    return f"大{adults}小{children}" if children else f"{adults}人"
