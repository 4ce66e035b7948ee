"""What an endpoint is: declared once, served by serving.py, described by document.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from console.api.problems import Kind
from console.api.shapes import Given, Nothing, Shown
from domain.kernel.errors import DomainError
from domain.shop.snapshot import ShopSnapshot
from domain.shop.store import Store
from domain.staff.models import TokenScope
from domain.staff.rules import Act
from domain.staff.service import Device, record_device_act

TILL = frozenset({TokenScope.TILL})
TILL_AND_SCREEN = frozenset({TokenScope.TILL, TokenScope.SCREEN})


@dataclass(frozen=True, slots=True)
class Context:
    """What an endpoint may use: one transaction (or one snapshot, where it only reads), the shop, and whose token it is.

    `path` holds the variable parts of the address.
    """

    session: Session
    shop: ShopSnapshot
    store: Store
    device: Device
    path: Mapping[str, str]
    now: datetime

    def record(self, act: Act, subject: str) -> None:
        """Write down what was done: by chat it is a StaffAct, here an act of the device."""
        record_device_act(self.session, self.device, act, subject, now=self.now)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One thing that a device may ask or do. Whatever is no GET changes something, in one transaction and under a key.

    Attributes:
        path: Below /api/v1, with {names}.
        name: The operation's id, as programs call it: "seatBooking".
        summary: In a few words; `about` in sentences.
        handle: Given the context and what was asked, answers.
        answer: The shape of the answer.
        asks: The shape of the query of a GET, else of the body.
        refusals: Every refusal of the domain that it may answer with.
        problems: What else may go wrong, besides what may anywhere.
        status: 200, or 201 where something is made: `location` names it then, with the answer's members as {names}.
    """

    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    name: str
    tag: str
    summary: str
    handle: Callable[[Context, Any], Shown]
    answer: type[Shown]
    asks: type[Given] = Nothing
    refusals: tuple[type[DomainError], ...] = ()
    scopes: frozenset[TokenScope] = TILL
    problems: tuple[Kind, ...] = ()
    status: int = 200
    location: str = ""
    about: str = ""

    @property
    def changes(self) -> bool:
        """Whether it does more than look."""
        return self.method != "GET"
