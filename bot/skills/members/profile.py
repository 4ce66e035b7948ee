"""What a member tells of themselves: birthday, favourite dishes, tastes and what they do not eat, phone."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Command, Deny, Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from bot.skills.members.card import BIRTHDAY_DESSERT
from bot.understanding.profile_words import REMOVE, SET_BIRTHDAY, SHOW, UPDATE_PROFILE
from domain.benefits.service import is_entitled
from domain.members.birthdays import birthday_locked_until, birthday_of, forget_birthday, set_birthday
from domain.members.errors import BirthdayLockedError, TooManyFavouritesError
from domain.members.favourites import add_favourite, favourites_of, remove_favourite, replace_favourite
from domain.members.phones import forget_phone, set_phone
from domain.members.preferences import PreferenceKind, add_preference, remove_preference
from domain.members.profile import Profile, profile_of
from domain.members.service import is_member

FAVOURITE, CHANGE_DIET, KEEP_PHONE, FORGET = "set_favourite", "change_diet", "keep_phone", "forget_profile"
_ADD = "add"
_MOST_FAVOURITES = 3  # said in one message
_AVOIDS = ("不吃", "不能吃", "忌", "素食", "纯素", "清真", "乳糖不耐受")


def update_profile(context: Context, args: Mapping[str, Any]) -> Answer:
    """What is to be changed, shown or forgotten.

    Args:
        args: `attribute`: birthday, favourites, diet, phone, name or store, with its new value; `op`: show or remove, else it is
            kept. None: all that can be changed is offered.
    """
    attribute, op = args.get("attribute"), args.get("op")
    if not is_member(context.session, context.diner_id) and not (attribute == "phone" and op in {SHOW, REMOVE}):
        return Found(then=(Ask("member_card"),))
    if op == SHOW and attribute:
        return Found((_shown(context, attribute),))
    if op == REMOVE and attribute in {"favourites", "diet"} and not args.get("dishes") and not args.get("words"):
        return Found((_which_goes(context, attribute),))
    if attribute == "birthday" and op != REMOVE:
        return _birthday(context, args.get("birthday"))
    follow = _flow_of(args)
    if follow is not None:
        return Found(then=follow)
    if attribute in {"name", "store"}:
        return Found((Prompt("profile_needs_none"),))
    offers = (
        Offer("登记生日", (Ask(UPDATE_PROFILE, {"attribute": "birthday"}),)),
        Offer("设最爱菜品", (Start(FAVOURITE, {"op": _ADD}),)),
        Offer("记口味和忌口", (Start(CHANGE_DIET, {"op": _ADD}),)),
    )
    return Found((Prompt("ask_what_of_profile", offers=offers),))


def birthday_refused(value: Any) -> str | None:
    """Why a birthday will not do: no such day, or one of the lunar calendar, which moves from year to year."""
    if not isinstance(value, Mapping) or value.get("impossible"):
        return "birthday_impossible"
    if value.get("lunar"):
        return "birthday_lunar"
    return None if value.get("month") and value.get("day") else "birthday_unclear"


def read_back_birthday(context: Context, args: Mapping[str, Any]) -> Answer:
    """The day, before it is locked for a year; who is locked already is told at once."""
    refused = birthday_refused(args["birthday"])
    if refused is not None:
        return Refused("members.no_such_birthday", slot="birthday")
    month, day = args["birthday"]["month"], args["birthday"]["day"]
    if birthday_of(context.session, context.diner_id) == (month, day):
        return Refused("members.same_birthday", {"month": month, "day": day})
    until = birthday_locked_until(context.session, context.diner_id, today=context.shop.brand.business_day(context.now))
    if until is not None:
        return Refused(BirthdayLockedError.code, {"until": until})
    version = f"{month}-{day}"
    offers = (Offer("对，就是这天", (Affirm(version),)), Offer("不对", (Deny(),)))
    return Found((Prompt("read_back_birthday", {"month": month, "day": day}, offers),), version=version)


def keep_birthday(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes. The dessert is promised to who is entitled to it."""
    month, day = (int(part) for part in str(args["version"]).split("-"))
    brand = context.shop.brand
    today = brand.business_day(context.now)
    set_birthday(context.session, context.diner_id, month, day, today=today)
    gift = context.shop.dishes.get(brand.birthday.dish) if brand.birthday else None
    if gift is not None and is_entitled(context.session, context.diner_id, BIRTHDAY_DESSERT, today):
        return Done((Prompt("birthday_kept_with_gift", {"month": month, "day": day, "dish": gift.name}),))
    return Done((Prompt("birthday_kept", {"month": month, "day": day}),))


def change_favourite(context: Context, args: Mapping[str, Any]) -> Answer:
    """Put dishes among the favourites, one in the place of another, or out of them."""
    dishes = [dish for dish in args["dishes"] if dish in context.shop.dishes]
    today = context.shop.brand.business_day(context.now)
    if args.get("op") == REMOVE:
        gone = [dish for dish in dishes if remove_favourite(context.session, context.diner_id, dish)]
        return Done((_favourites_told(context, "favourite_removed" if gone else "favourite_not_there", gone or dishes),))
    mine, old = favourites_of(context.session, context.diner_id), args.get("old")
    try:
        if old in mine and len(dishes) == 1:
            new = dishes if replace_favourite(context.session, context.diner_id, str(old), dishes[0], today=today) else []
        else:
            new = [dish for dish in dishes if add_favourite(context.session, context.diner_id, dish, today=today)]
    except TooManyFavouritesError as refused:
        if len(dishes) != 1:
            raise
        return Refused(refused.code, refused.details, tuple(_instead_of(context, each, dishes[0]) for each in mine))
    return Done((_favourites_told(context, "favourite_kept" if new else "favourite_already", new or dishes),))


def keep_phone(context: Context, args: Mapping[str, Any]) -> Answer:
    """A phone to be reached by; it proves nothing and is asked for by nothing."""
    set_phone(context.session, context.vault, context.diner_id, str(args["phone"]))
    return Done((Prompt("phone_kept", {"phone": profile_of(context.session, context.vault, context.diner_id).phone}),))


def change_diet(context: Context, args: Mapping[str, Any]) -> Answer:
    """Note tastes and what is not eaten, or forget them; told with how to take it back."""
    words: Sequence[str] = args["words"] if isinstance(args["words"], list) else [str(args["words"])]
    if args.get("op") == REMOVE:
        gone = [word for word in words if _forget_word(context, word)]
        return Done((Prompt("diet_forgotten" if gone else "diet_not_there", {"words": "、".join(gone or words)}),))
    for word in words:
        kind = PreferenceKind.AVOIDED if word.startswith(_AVOIDS) else PreferenceKind.TASTE
        add_preference(context.session, context.diner_id, kind, word, now=context.now)
    return Done((Prompt("diet_kept", {"words": "、".join(words), "how": _how_to_forget(words[0])}),))


def forget(context: Context, args: Mapping[str, Any]) -> Answer:
    """删手机号, 删生日: at once."""
    profile = profile_of(context.session, context.vault, context.diner_id)
    if args["what"] == "phone":
        forget_phone(context.session, context.diner_id)
        return Done((Prompt("phone_forgotten" if profile.phone else "phone_none"),))
    forget_birthday(context.session, context.diner_id)
    return Done((Prompt("birthday_forgotten" if profile.birthday else "birthday_none"),))


def _birthday(context: Context, said: Any) -> Answer:
    """The flow that keeps a birthday, with why it is asked for again where the day that was said will not do."""
    until = birthday_locked_until(context.session, context.diner_id, today=context.shop.brand.business_day(context.now))
    if until is not None and said is None:
        return Refused(BirthdayLockedError.code, {"until": until})
    refused = birthday_refused(said) if said is not None else None
    start = Start(SET_BIRTHDAY, {"birthday": said} if said is not None and refused is None else {})
    return Found((Prompt(refused),) if refused else (), then=(start,))


def _flow_of(args: Mapping[str, Any]) -> tuple[Command, ...] | None:
    """The flow that changes what was named, with what was said of it."""
    op = REMOVE if args.get("op") == REMOVE else _ADD
    match args.get("attribute"):
        case "birthday":
            return (Start(FORGET, {"what": "birthday"}),)
        case "favourites":
            dishes = list(args.get("dishes") or ())
            if args.get("op") == "swap" and len(dishes) == 2:
                return (Start(FAVOURITE, {"dishes": dishes[1:], "old": dishes[0], "op": _ADD}),)
            return (Start(FAVOURITE, ({"dishes": dishes[:_MOST_FAVOURITES]} if dishes else {}) | {"op": op}),)
        case "diet":
            words = list(args.get("words") or ())
            return (Start(CHANGE_DIET, ({"words": words} if words else {}) | {"op": op}),)
        case "phone" if op == REMOVE:
            return (Start(FORGET, {"what": "phone"}),)
        case "phone":
            return (Start(KEEP_PHONE, {"phone": args["phone"]} if args.get("phone") else {}),)
    return None


def _shown(context: Context, attribute: str) -> Prompt:
    """What is noted, with how to change it."""
    profile = profile_of(context.session, context.vault, context.diner_id)
    match attribute:
        case "favourites":
            names = _names(context, profile.favourites)
            return Prompt("favourites_shown", {"dishes": "、".join(names)}) if names else Prompt("favourites_none")
        case "diet":
            words = _noted(profile)
            return Prompt("diet_shown", {"words": "、".join(words), "how": _how_to_forget(words[0])}) if words else Prompt("diet_none")
        case "phone":
            return Prompt("phone_shown", {"phone": profile.phone}) if profile.phone else Prompt("phone_none")
        case "birthday" if profile.birthday:
            return Prompt("birthday_shown", {"month": profile.birthday[0], "day": profile.birthday[1]})
        case "birthday":
            return Prompt("birthday_none", offers=(Offer("登记生日", (Ask(UPDATE_PROFILE, {"attribute": "birthday"}),)),))
    return Prompt("profile_needs_none")


def _which_goes(context: Context, attribute: str) -> Prompt:
    """「取消最爱」 names none: those that are noted are offered."""
    profile = profile_of(context.session, context.vault, context.diner_id)
    if attribute == "favourites":
        there = [dish for dish in profile.favourites if dish in context.shop.dishes]
        offers = [Offer(context.shop.dishes[dish].name, (Start(FAVOURITE, {"dishes": [dish], "op": REMOVE}),)) for dish in there]
    else:
        offers = [Offer(word, (Start(CHANGE_DIET, {"words": [word], "op": REMOVE}),)) for word in _noted(profile)]
    nothing = "favourites_none" if attribute == "favourites" else "diet_none"
    return Prompt("ask_which_goes", offers=tuple(offers)) if offers else Prompt(nothing)


def _favourites_told(context: Context, name: str, dishes: Sequence[str]) -> Prompt:
    pays = f"{context.shop.brand.favourites_pay * 10:f}".rstrip("0").rstrip(".")
    mine = _names(context, favourites_of(context.session, context.diner_id))
    return Prompt(name, {"dish": "、".join(_names(context, dishes)), "dishes": "、".join(mine) or "还没有", "pays": pays})


def _instead_of(context: Context, old: str, new: str) -> Offer:
    name = context.shop.dishes[old].name if old in context.shop.dishes else old
    return Offer(f"换下{name}", (Start(FAVOURITE, {"dishes": [new], "old": old, "op": _ADD}),))


def _names(context: Context, dishes: Sequence[str]) -> list[str]:
    return [context.shop.dishes[dish].name for dish in dishes if dish in context.shop.dishes]


def _noted(profile: Profile) -> list[str]:
    return [*profile.avoided, *profile.tastes]


def _forget_word(context: Context, word: str) -> bool:
    """Forget what is noted in these words: 花生 is 不吃花生, too."""
    forms = (word, f"不吃{word}")
    return any(remove_preference(context.session, context.diner_id, kind, form) for kind in PreferenceKind for form in forms)


def _how_to_forget(word: str) -> str:
    return f"删掉{word}" if word.startswith(_AVOIDS) else f"删掉口味{word}"
