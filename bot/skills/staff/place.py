"""Who of the staff speaks, whether they may, and which store they speak of."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.commands import Ask, SetSlot
from bot.dialogue.effects import Done, Offer, Prompt
from bot.skill import Context
from domain.shop.store import Store
from domain.staff.errors import WrongStoreError
from domain.staff.roster import Staff, require_staff
from domain.staff.rules import Act


def stores_of(context: Context, act: Act) -> tuple[Staff, tuple[Store, ...]]:
    """Whoever speaks, and their stores in the order of the shop file: at least one.

    Raises:
        NotStaffError, NotAllowedError.
        WrongStoreError: None of their stores does business any more.
    """
    staff = require_staff(context.session, context.diner_id, act)
    theirs = tuple(store for store in context.shop.stores.values() if staff.works_in(store.id))
    if not theirs:
        raise WrongStoreError(name=staff.name)
    return staff, theirs


def stores_spoken_of(context: Context, act: Act, args: Mapping[str, Any]) -> tuple[Staff, tuple[Store, ...]]:
    """Whoever speaks, and the store that they name, or all of theirs. Args: args: `store`, an id, when one is named.

    Raises:
        NotStaffError, NotAllowedError.
        WrongStoreError: The store is not theirs.
    """
    staff, theirs = stores_of(context, act)
    named = args.get("store")
    if named is None:
        return staff, theirs
    if named not in {store.id for store in theirs}:
        raise WrongStoreError(name=staff.name)
    return staff, tuple(store for store in theirs if store.id == named)


def at_store(context: Context, act: Act, intent: str, args: Mapping[str, Any]) -> tuple[Staff, Store] | Done:
    """Whoever speaks, and the store they speak of; of several theirs the one that is named or talked about, else it is asked.

    Args:
        intent: What is done once the store is known, with `args`.

    Raises:
        NotStaffError, NotAllowedError, WrongStoreError.
    """
    staff, theirs = stores_spoken_of(context, act, args)
    if len(theirs) == 1:
        return staff, theirs[0]
    chosen = context.store()
    if chosen is not None and chosen in theirs:
        return staff, chosen
    again = Ask(intent, dict(args))
    return Done((Prompt("staff_which_store", offers=tuple(Offer(store.name, (SetSlot("store", store.id), again)) for store in theirs)),))
