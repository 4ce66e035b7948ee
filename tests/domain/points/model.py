"""Points as a plain Python model: no SQL, no caches, every number added up anew. What the tables do is compared with it."""

from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass
class Lot:
    """Points that expire together; `number` tells which came first."""

    number: int
    diner: str
    points: int
    remaining: int
    usable_from: date
    expires_on: date
    held: int = 0
    reversed: int = 0

    @property
    def free(self) -> int:
        return self.remaining - self.held


@dataclass
class Part:
    """What a hold took from a lot."""

    lot: Lot
    points: int
    returned: int = 0


@dataclass
class Hold:
    diner: str
    points: int
    state: str
    parts: list[Part]


class TooFewError(Exception):
    """Fewer can be used than were asked for."""


class OtherHoldError(Exception):
    """The key holds something else."""


@dataclass
class Model:
    """All members' points."""

    lots: list[Lot] = field(default_factory=list)
    holds: dict[str, Hold] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)
    earnings: dict[str, Lot] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)

    def numbers(self, diner: str, day: date) -> tuple[int, int, int, int, int, tuple[date, int] | None]:
        """balance, usable, pending, held, owed, next expiry."""
        mine = [lot for lot in self.lots if lot.diner == diner]
        good = [lot for lot in mine if lot.expires_on >= day and lot.free]
        soonest = min((lot.expires_on for lot in good), default=None)
        return (
            sum(lot.remaining for lot in mine),
            sum(lot.free for lot in good if lot.usable_from <= day),
            sum(lot.free for lot in good if lot.usable_from > day),
            sum(hold.points for hold in self.holds.values() if hold.diner == diner and hold.state == "held"),
            self.owed.get(diner, 0),
            None if soonest is None else (soonest, sum(lot.free for lot in good if lot.expires_on == soonest)),
        )

    def earn(self, diner: str, points: int, order: str, day: date, life: int) -> bool:
        if order in self.earnings:
            return False
        settled = min(points, self.owed.get(diner, 0))
        self.owed[diner] = self.owed.get(diner, 0) - settled
        self.earnings[order] = self._add(diner, points, points - settled, day + timedelta(days=1), day + timedelta(days=life))
        return True

    def credit(self, diner: str, points: int, key: str, day: date, life: int) -> bool:
        if key in self.keys:
            return False
        self.keys.add(key)
        self._add(diner, points, points, day, day + timedelta(days=life))
        return True

    def hold(self, diner: str, points: int, key: str, day: date) -> None:
        known = self.holds.get(key)
        if known is not None and known.state != "released":
            if (known.diner, known.points) != (diner, points):
                raise OtherHoldError
            return
        taken = self._usable(diner, points, day)
        if known is not None and known.diner != diner:
            raise OtherHoldError
        for lot, share in taken:
            lot.held += share
        self.holds[key] = Hold(diner, points, "held", [Part(lot, share) for lot, share in taken])

    def release(self, key: str) -> int:
        hold = self.holds.get(key)
        if hold is None or hold.state != "held":
            return 0
        for part in hold.parts:
            part.lot.held -= part.points
        hold.state, hold.parts = "released", []
        return hold.points

    def capture(self, key: str) -> int:
        hold = self.holds.get(key)
        if hold is None or hold.state != "held":
            return 0
        for part in hold.parts:
            part.lot.held -= part.points
            part.lot.remaining -= part.points
        hold.state = "captured"
        return hold.points

    def spend(self, diner: str, points: int, key: str, day: date) -> bool:
        if key in self.keys:
            return False
        for lot, share in self._usable(diner, points, day):
            lot.remaining -= share
        self.keys.add(key)
        return True

    def give_back(self, hold_key: str, points: int, key: str, day: date) -> int:
        hold = self.holds.get(hold_key)
        if key in self.keys or hold is None or hold.state != "captured":
            return 0
        left = points
        for part in sorted(hold.parts, key=lambda part: (part.lot.expires_on, part.lot.number), reverse=True):
            share = min(left, part.points - part.returned)
            if share:
                part.returned += share
                left -= share
                self._add(hold.diner, share, share, day, max(part.lot.expires_on, day + timedelta(days=7)))
        if left < points:
            self.keys.add(key)
        return points - left

    def reverse(self, order: str, points: int, key: str) -> tuple[int, int]:
        own = self.earnings.get(order)
        if own is None or key in self.keys:
            return 0, 0
        points = min(points, own.points - own.reversed)
        if not points:
            return 0, 0
        self.keys.add(key)
        own.reversed += points
        left = points
        others = [lot for lot in self.lots if lot.diner == own.diner and lot is not own]
        for lot in [own, *sorted(others, key=lambda lot: (lot.expires_on, lot.number))]:
            share = min(left, lot.free)
            lot.remaining -= share
            left -= share
        self.owed[own.diner] = self.owed.get(own.diner, 0) + left
        return points - left, left

    def expire(self, day: date) -> int:
        over = [lot for lot in self.lots if lot.expires_on < day and lot.free]
        for lot in over:
            lot.remaining = lot.held
        return len(over)

    def merge(self, source: str, target: str) -> None:
        for lot in self.lots:
            lot.diner = target if lot.diner == source else lot.diner
        for hold in self.holds.values():
            hold.diner = target if hold.diner == source else hold.diner
        if source != target:
            self.owed[target] = self.owed.get(target, 0) + self.owed.pop(source, 0)

    def _add(self, diner: str, points: int, remaining: int, usable_from: date, expires_on: date) -> Lot:
        lot = Lot(len(self.lots), diner, points, remaining, usable_from, expires_on)
        self.lots.append(lot)
        return lot

    def _usable(self, diner: str, points: int, day: date) -> list[tuple[Lot, int]]:
        lots = [lot for lot in self.lots if lot.diner == diner and lot.usable_from <= day <= lot.expires_on]
        taken, left = [], points
        for lot in sorted(lots, key=lambda lot: (lot.expires_on, lot.number)):
            share = min(left, lot.free)
            if share:
                taken.append((lot, share))
                left -= share
        if left:
            raise TooFewError
        return taken
