"""To book places in a session, or one on its waiting list: the read-back with all that a yes would do, and the yes to it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Cancel, Handoff, SetSlot, Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.experiences.choosing import gap_of, level_needed, others_with_room
from bot.skills.experiences.party import AgeUnfitError, adults_of, age_slot, ages_said, bands_of, children_of, party_said
from bot.skills.experiences.wording import (
    MINE_OFFER,
    refund_said,
    session_lines,
    session_offer,
    store_of,
    told,
    waiting_values,
    when_said,
)
from bot.understanding.booking_words import NAME, NOTES
from bot.understanding.experience_details import ADULTS, CHILDREN, GUESTS, MORE_YEARS, SESSION, WAITS, YEARS
from bot.understanding.experience_words import BOOK, CANCEL, CHANGE, LEAVE, TAKE
from domain.experiences.errors import (
    AdultsOnlyError,
    AlreadyBookedError,
    AlreadyWaitingError,
    BadPartyError,
    LevelNeededError,
    PartyTooLargeError,
    SessionFullError,
)
from domain.experiences.rules import WaitingState
from domain.experiences.service import book_experience
from domain.experiences.waiting import join_waiting
from domain.experiences.wishes import ExperienceProposal, ExperienceWish, propose
from domain.kernel.errors import DomainError
from domain.kernel.ids import new_id
from domain.kernel.money import short_yuan
from domain.storage import savepoint

_DIGEST = 16
_WAITS, _BOOKS = "wait", "book"


def read_back(context: Context, args: Mapping[str, Any]) -> Answer:
    """Everything a yes would book: which session, who comes, what it costs and until when that comes back.

    Who said 排候补 and finds the session full is put on its list at once: it binds to nothing, and 退出候补 takes it back.
    """
    try:
        wish = wish_of(context, args)
        proposal = propose(context.session, context.shop, wish, diner_id=context.diner_id, now=context.now)
    except SessionFullError as full:
        if args.get(WAITS):
            version = f"{_WAITS}.{new_id(context.now)}"
            return Found(then=(Affirm(version),), version=version)
        return _full(context, args, full)
    except DomainError as refused:
        return refusal(context, args, refused)
    version = f"{_BOOKS}.{_digest(proposal)}.{new_id(context.now)}"
    free = (Prompt("experience_has_room"),) if args.get(WAITS) else ()
    offers = (Offer("确认报名", (Affirm(version),)), Offer("不报了", (Cancel(),)))
    return Found((*free, Prompt("read_back_experience", _proposed_values(context, proposal, wish), offers)), version=version)


def place(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes: exactly what was read back is booked, or waited for; what has become another is read back again."""
    kind, _, rest = str(args["version"]).partition(".")
    if kind == _WAITS:
        return _wait(context, args, rest)
    digest, _, key = rest.partition(".")
    try:
        wish = wish_of(context, args)
        if _digest(propose(context.session, context.shop, wish, diner_id=context.diner_id, now=context.now)) != digest:
            again = read_back(context, args)
            return Found((Prompt("experience_moved_meanwhile"), *again.say), again.version) if isinstance(again, Found) else again
        with savepoint(context.session):
            booked = book_experience(context.session, context.shop, wish, diner_id=context.diner_id, key=f"chat:{key}", now=context.now)
    except SessionFullError as full:
        return _full(context, args, full)
    except DomainError as refused:
        return refusal(context, args, refused)
    return Done((told(context, booked),))


def wish_of(context: Context, args: Mapping[str, Any]) -> ExperienceWish:
    """What was said, as a wish. Raises: AgeUnfitError, BadPartyError."""
    session = args[SESSION]
    experience = context.shop.experiences.get(session["event"])
    children = children_of(args)
    bands: tuple[str, ...] = ()
    if experience is not None:
        try:
            bands = bands_of(experience, args, children)
        except KeyError as unknown:
            raise BadPartyError(hint="还差孩子的年龄段") from unknown
    return ExperienceWish(
        session["event"],
        session["store"],
        datetime.fromisoformat(session["at"]),
        adults_of(args),
        children,
        bands,
        name=str(args.get(NAME, "")),
        notes=str(args.get(NOTES, "")),
    )


def refusal(context: Context, args: Mapping[str, Any], refused: DomainError) -> Answer:
    """What cannot be had as it was said is asked again, or what else can be had is offered."""
    if isinstance(refused, AgeUnfitError):
        return Refused(refused.code, refused.details, slot=refused.slot)
    if isinstance(refused, BadPartyError | AdultsOnlyError | PartyTooLargeError):
        slot = CHILDREN if isinstance(refused, AdultsOnlyError) else ADULTS if ADULTS in args else GUESTS
        offers = (Offer("转人工", (Handoff(),)),) if isinstance(refused, PartyTooLargeError) else ()
        return Refused(refused.code, refused.details, offers, slot=slot)
    if isinstance(refused, LevelNeededError):
        experience = context.shop.experiences.get(args[SESSION]["event"])
        gap = gap_of(context, experience) if experience is not None else None
        return Refused(refused.code, refused.details) if experience is None or gap is None else level_needed(context, experience, gap)
    if isinstance(refused, AlreadyBookedError):
        return Refused(refused.code, refused.details, (Offer("改人数或场次", (Ask(CHANGE),)), Offer("取消报名", (Ask(CANCEL),))))
    if isinstance(refused, AlreadyWaitingError):
        return Refused(refused.code, refused.details, (MINE_OFFER, Offer("退出候补", (Ask(LEAVE),))))
    others_open = others_with_room(context, args, args[SESSION]["at"])
    return Refused(refused.code, refused.details, _others(context, args, others_open))


def _full(context: Context, args: Mapping[str, Any], full: SessionFullError) -> Answer:
    """Up to three others that have room, and the list of this one; it stays open to be said otherwise."""
    others = others_with_room(context, args, args[SESSION]["at"])
    several = len({seen.store_id for seen in others} | {args[SESSION]["store"]}) > 1
    picks = tuple(session_offer(context, seen, several_stores=several) for seen in others)
    values = {
        "name": args[SESSION]["name"],
        "event": full.details.get("name", ""),
        "party": party_said(adults_of(args), children_of(args)),
        "waiting": f"现在有{full.waiting}家在候补。" if full.waiting else "",
        "lines": f"\n这几场还有位：\n{session_lines(context, others)}" if others else "",
    }
    return Found((Prompt("experience_full", values, (*picks, Offer("排候补", (SetSlot(WAITS, True),)))),))


def _wait(context: Context, args: Mapping[str, Any], key: str) -> Answer:
    try:
        wish = wish_of(context, args)
        with savepoint(context.session):
            waiting = join_waiting(context.session, context.shop, wish, diner_id=context.diner_id, key=f"chat:{key}", now=context.now)
    except DomainError as refused:
        return refusal(context, args, refused)
    if waiting.state is WaitingState.OFFERED:  # somebody went in this very moment
        return Done((Prompt("experience_has_room"),), then=(Start(TAKE, {"waiting": waiting.id}),))
    return Done(
        (
            Prompt(
                "experience_waits",
                waiting_values(context, waiting),
                (Offer("退出候补", (Ask(LEAVE, {"waiting": waiting.id}),)), MINE_OFFER),
            ),
        )
    )


def _others(context: Context, args: Mapping[str, Any], sessions: list[Any]) -> tuple[Offer, ...]:
    kept = {
        kind: value
        for kind, value in args.items()
        if kind in {ADULTS, CHILDREN, GUESTS, YEARS, MORE_YEARS, NAME, NOTES} or kind.startswith(age_slot(0)[:4])
    }
    several = len({seen.store_id for seen in sessions}) > 1
    return tuple(session_offer(context, seen, several_stores=several, start=kept) for seen in sessions)


def _proposed_values(context: Context, proposal: ExperienceProposal, wish: ExperienceWish) -> dict[str, Any]:
    store = store_of(context, proposal.store_id)
    kits = f"\n含材料：{proposal.kit_name}{proposal.kits}份" if proposal.kits else ""
    said = "，".join(filter(None, (f"称呼：{wish.name}" if wish.name else "", f"备注：{wish.notes}" if wish.notes else "")))
    money = refund_said(context, proposal.store_id, proposal.fen, proposal.refund_until)
    return {
        "name": proposal.experience_name,
        "store": store.name,
        "time": when_said(store, proposal.starts_at),
        "until": store.clock_said(proposal.ends_at),
        "party": party_said(proposal.adults, proposal.children) + ages_said(proposal.ages),
        "price": f"一共{short_yuan(proposal.fen)}元，{money}" if proposal.fen else "免费",
        "details": f"{kits}\n{said}" if said else kits,
    }


def _digest(proposal: ExperienceProposal) -> str:
    """What a yes is bound to: everything that was read back and is not the diner's own words."""
    until = int(proposal.refund_until.timestamp()) if proposal.refund_until else 0
    said = f"{BOOK}|{proposal.experience_id}|{proposal.store_id}|{int(proposal.starts_at.timestamp())}|{int(proposal.ends_at.timestamp())}"
    said += f"|{proposal.adults}|{proposal.children}|{'/'.join(proposal.ages)}|{proposal.kits}|{proposal.fen}|{until}"
    return hashlib.sha256(said.encode()).hexdigest()[:_DIGEST]
