"""What a member tells of themselves: birthday, favourite dishes, tastes and what they do not eat, phone."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.commands import Affirm, Ask, Command, Deny, Start
from bot.dialogue.effects import Answer, Done, Found, Offer, Prompt, Refused
from bot.skill import Context
from domain.members.birthdays import set_birthday
from domain.members.favourites import add_favourite, favourites_of, remove_favourite, replace_favourite
from domain.members.phones import phone_of, set_phone
from domain.members.preferences import PreferenceKind, add_preference, remove_preference
from domain.members.profile import profile_of
from domain.members.service import is_member

SET_BIRTHDAY, FAVOURITE = "set_birthday", "set_favourite"
_AVOIDS = ("不吃", "不能吃", "忌", "素食", "纯素", "清真", "乳糖不耐受")


def update_profile(context: Context, args: Mapping[str, Any]) -> Answer:
    """What is to be changed. Args: attribute: birthday, favourites, diet, phone, name or store, with its new value; none: all are shown."""
    if not is_member(context.session, context.diner_id):
        return Found(then=(Ask("member_card"),))
    follow = _flow_of(args)
    if follow is not None:
        return Found(then=follow)
    if args.get("attribute") in {"name", "store"}:
        return Found((Prompt("profile_needs_none"),))
    offers = (
        Offer("登记生日", (Start(SET_BIRTHDAY, {}),)),
        Offer("设最爱菜品", (Start(FAVOURITE, {}),)),
        Offer("记口味和忌口", (Start("change_diet", {}),)),
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
    """The day, before it is locked for a year."""
    refused = birthday_refused(args["birthday"])
    if refused is not None:
        return Found((Prompt(refused),))
    version = f"{args['birthday']['month']}-{args['birthday']['day']}"
    offers = (Offer("对，就是这天", (Affirm(version),)), Offer("不对", (Deny(),)))
    values = {"month": args["birthday"]["month"], "day": args["birthday"]["day"]}
    return Found((Prompt("read_back_birthday", values, offers),), version=version)


def keep_birthday(context: Context, args: Mapping[str, Any]) -> Answer:
    """The yes."""
    month, day = (int(part) for part in str(args["version"]).split("-"))
    brand = context.shop.brand
    set_birthday(context.session, context.diner_id, month, day, today=brand.business_day(context.now))
    gift = context.shop.dishes.get(brand.birthday.dish) if brand.birthday else None
    name = "birthday_kept_with_gift" if gift else "birthday_kept"
    return Done((Prompt(name, {"month": month, "day": day, "dish": gift.name if gift else ""}),))


def change_favourite(context: Context, args: Mapping[str, Any]) -> Answer:
    """Put a dish among the favourites, in the place of another, or out of them."""
    dish_id = _dish_id(args["dish"])
    dish = context.shop.dishes.get(dish_id)
    if dish is None:
        return Refused("members.no_such_favourite", {"dish": dish_id})
    today = context.shop.brand.business_day(context.now)
    if args.get("op") == "remove":
        remove_favourite(context.session, context.diner_id, dish_id)
        return Done((Prompt("favourite_removed", {"dish": dish.name}),))
    mine = favourites_of(context.session, context.diner_id)
    old = args.get("old")
    if old in mine:
        replace_favourite(context.session, context.diner_id, str(old), dish_id, today=today)
    else:
        add_favourite(context.session, context.diner_id, dish_id, today=today)
    kept = [context.shop.dishes[each].name for each in favourites_of(context.session, context.diner_id) if each in context.shop.dishes]
    pays = f"{context.shop.brand.favourites_pay * 10:f}".rstrip("0").rstrip(".")
    return Done((Prompt("favourite_kept", {"dish": dish.name, "dishes": "、".join(kept), "pays": pays}),))


def keep_phone(context: Context, args: Mapping[str, Any]) -> Answer:
    """A phone to be reached by; it proves nothing and is asked for by nothing."""
    set_phone(context.session, context.vault, context.diner_id, str(args["phone"]))
    shown = profile_of(context.session, context.vault, context.diner_id).phone
    assert phone_of(context.session, context.vault, context.diner_id) is not None
    return Done((Prompt("phone_kept", {"phone": shown}),))


def change_diet(context: Context, args: Mapping[str, Any]) -> Answer:
    """Note tastes and what is not eaten, or forget them; told with how to take it back."""
    words: Sequence[str] = args["words"] if isinstance(args["words"], list) else [str(args["words"])]
    for word in words:
        kind = PreferenceKind.AVOIDED if word.startswith(_AVOIDS) else PreferenceKind.TASTE
        if args.get("op") == "remove":
            remove_preference(context.session, context.diner_id, kind, word)
        else:
            add_preference(context.session, context.diner_id, kind, word, now=context.now)
    said = "、".join(words)
    return Done((Prompt("diet_forgotten" if args.get("op") == "remove" else "diet_kept", {"words": said}),))


def _flow_of(args: Mapping[str, Any]) -> tuple[Command, ...] | None:
    """The flow that changes what was named, with what was said of it."""
    match args.get("attribute"):
        case "birthday":
            return (Start(SET_BIRTHDAY, {"birthday": args["birthday"]} if _is_day(args.get("birthday")) else {}),)
        case "favourites":
            dishes = args.get("dishes") or []
            if args.get("op") == "swap" and len(dishes) == 2:
                return (Start(FAVOURITE, {"dish": dishes[1], "old": dishes[0]}),)
            return tuple(Start(FAVOURITE, {"dish": dish, "op": args.get("op", "add")}) for dish in dishes[:3]) or (Start(FAVOURITE, {}),)
        case "diet":
            words = args.get("words") or []
            return (Start("change_diet", {"words": words, "op": args.get("op", "add")} if words else {}),)
        case "phone":
            return (Start("keep_phone", {"phone": args["phone"]} if args.get("phone") else {}),)
    return None


def _is_day(birthday: Any) -> bool:
    return isinstance(birthday, Mapping) and birthday_refused(birthday) is None


def _dish_id(value: Any) -> str:
    """A dish as it was said while the flow asked for one, or by its id."""
    return str(value["dish_ids"][0] if isinstance(value, Mapping) and value.get("dish_ids") else value)
