"""Who comes, out of what was said piece by piece: adults and children, and the age band of each child. Pure."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.dialogue.flows import SlotValues
from bot.understanding.experience_details import ADULTS, CHILDREN, GUESTS, MORE_YEARS, SESSION, YEARS
from domain.kernel.errors import DomainError
from domain.shop.experience import Experience

MOST_CHILDREN = 10  # whose ages are asked one by one; a kindergarten talks to a person


class AgeUnfitError(DomainError):
    """The experience is for other ages. Details: years (as said), name, bands. Attributes: slot: The value that does not fit."""

    code = "experiences.age_unfit"

    def __init__(self, slot: str, **details: object) -> None:
        super().__init__(**details)
        self.slot = slot


def age_slot(n: int) -> str:
    """The slot of a child's age band. Args: n: Which child, from 1."""
    return f"age_{n}"


def lacks_adults(slots: SlotValues) -> bool:
    """Whether nobody said how many adults come, or how many people in all."""
    return GUESTS not in slots


def lacks_children(slots: SlotValues) -> bool:
    """Whether the number of children is to be asked: not where none may come."""
    return bool((slots.get(SESSION) or {}).get("kids", True))


def lacks_age(n: int) -> Callable[[SlotValues], bool]:
    """Whether the age band of a child is to be asked. Args: n: Which child, from 1."""

    def required(slots: SlotValues) -> bool:
        banded = (slots.get(SESSION) or {}).get("bands", False)
        before = sum(age_slot(one) not in slots for one in range(1, n))
        return bool(banded) and n <= children_of(slots) and next(itertools.islice(_years(slots), before, None), None) is None

    return required


def children_of(slots: SlotValues, base: int = 0) -> int:
    """How many children come. Args: base: How many were booked, which 「再加一个」 counts from."""
    return _counted(slots.get(CHILDREN), base)


def adults_of(slots: SlotValues, base: int = 0) -> int:
    """How many adults come: as said, or the rest of all who come. Args: base: As of `children_of`."""
    if GUESTS in slots:
        base = max(0, int(slots[GUESTS]) - children_of(slots))
    return _counted(slots.get(ADULTS), base)


def bands_of(experience: Experience, slots: SlotValues, children: int, *, known: Sequence[str] = ()) -> tuple[str, ...]:
    """The age band of each child; none where the experience asks none.

    Args:
        known: The bands of children who were booked before.

    Raises:
        AgeUnfitError: A child is too young or too old.
        KeyError: The band of a child is not known; its argument is which child, from 1, of those not known before.
    """
    if not experience.ages:
        return ()
    bands = list(known[:children])
    in_turn = _years(slots)
    for n in range(1, children - len(bands) + 1):
        value = slots.get(age_slot(n))
        if value is None:
            years = next(in_turn, None)
            if years is None:
                raise KeyError(n)
            bands.append(_band(experience, years, YEARS))
        elif isinstance(value, Mapping):
            bands.append(_band(experience, value["years"][0], age_slot(n)))
        else:
            bands.append(str(value))
    return tuple(bands)


def party_said(adults: int, children: int) -> str:
    """2位大人，1个孩子."""
    return "，".join(filter(None, (f"{adults}位大人" if adults else "", f"{children}个孩子" if children else ""))) or "0人"


def ages_said(ages: Sequence[str]) -> str:
    """（3-6岁2个、7-12岁）; "" where no ages are asked."""
    counted = Counter(ages)
    said = "、".join(f"{band}{n}个" if n > 1 and len(counted) > 1 else band for band, n in counted.items())
    return f"（{'都是' if len(counted) == 1 < len(ages) else ''}{said}）" if ages else ""


def bands_said(experience: Experience) -> str:
    """3-6岁、7-12岁."""
    return "、".join(band.name for band in experience.ages)


def _band(experience: Experience, years: int, slot: str) -> str:
    fitting = next((band.name for band in experience.ages if band.youngest <= years <= band.oldest), None)
    if fitting is None:
        raise AgeUnfitError(slot, years=years, name=experience.name, bands=bands_said(experience))
    return fitting


def _counted(value: Any, base: int) -> int:
    if isinstance(value, Mapping):
        return max(0, base + int(value["by"]))
    return base if value is None else int(value)


def _years(slots: SlotValues) -> Iterator[int]:
    """The ages that were said for children whose bands were not picked, in turn."""
    said, more = slots.get(YEARS), slots.get(MORE_YEARS)
    if said is not None and said["all"]:
        return itertools.repeat(said["years"][0])
    return iter([*(said["years"] if said else ()), *(more["years"] if more else ())])
