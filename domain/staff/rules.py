"""Pure decisions about staff: roles, what each may do by chat, and how a phone is bound."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

CODE_LIFE = timedelta(minutes=10)  # Source: RESTAURANT, Staff
CODE_TRIES = 5  # of one diner while a code lives. Source: RESTAURANT, Staff
MOST_GUESSES = 100  # of everybody: then a code is good no more, so that many accounts cannot guess one of a million together


class Role(StrEnum):
    """What somebody is in the house."""

    WAITER = "waiter"
    COOK = "cook"
    CASHIER = "cashier"
    MANAGER = "manager"
    OWNER = "owner"  # of every store, those that open later too


ROLE_TITLES: Mapping[Role, str] = {
    Role.WAITER: "服务员",
    Role.COOK: "厨师",
    Role.CASHIER: "收银员",
    Role.MANAGER: "店长",
    Role.OWNER: "老板",
}


class Act(StrEnum):
    """What staff do by chat."""

    SELL = "sell"  # 估清, and on sale again
    SERVE = "serve"  # an order is accepted, cooked, ready, served
    CALLS = "calls"  # see, take and finish service calls
    TASKS = "tasks"  # see the tasks of the store, and say what is done
    TALKS = "talks"  # hand a diner's talk back to the bot
    FIGURES = "figures"  # what the day came to
    DOOR = "door"  # who waits and who has booked: call a number, seat a party, say that it did not come
    BIND = "bind"  # a phone becomes this person's; everybody may
    UNBIND = "unbind"


_EVERYBODY = frozenset({Act.SERVE, Act.BIND, Act.UNBIND})
MAY: Mapping[Role, frozenset[Act]] = {
    Role.WAITER: _EVERYBODY | {Act.CALLS, Act.TALKS, Act.DOOR},
    Role.COOK: _EVERYBODY | {Act.SELL},
    Role.CASHIER: _EVERYBODY | {Act.SELL, Act.CALLS, Act.TALKS, Act.TASKS, Act.DOOR},
    Role.MANAGER: frozenset(Act),
    Role.OWNER: frozenset(Act),
}
IN_CHARGE = frozenset({Role.MANAGER, Role.OWNER})
"""Who hears of what nobody took care of."""


def roles_that(act: Act) -> frozenset[Role]:
    """Who may do something."""
    return frozenset(role for role, acts in MAY.items() if act in acts)
