"""Commands written shortly, so that a table of messages can be read: 「add hs x2 [微辣]」."""

from collections.abc import Sequence

from bot.dialogue.commands import Ask, Command, Line, SetSlot


def short(commands: Sequence[Command]) -> str:
    """All commands of a message; a guess ends in ~."""
    return "; ".join(_short(command) for command in commands)


def _short(command: Command) -> str:
    match command:
        case Line():
            which = command.dish_id or ("?" + "|".join(command.candidates) if command.candidates else "last")
            parts = [command.op.value, which]
            parts += [f">{command.other_id}"] if command.other_id else []
            parts += [f"x{command.n.normalize():f}"] if command.n is not None else []
            parts += [f"[{' '.join(command.options)}]"] if command.options else []
            parts += ["every"] if command.every else []
            return " ".join(parts) + ("" if command.exact else "~")
        case Ask("ask_dish", args):
            which = args.get("dish_id") or "?" + "|".join(args["candidates"])
            return f"ask {which} {args['topic']}"
        case Ask(intent, args):
            return " ".join([intent, *(f"{key}={value}" for key, value in args.items())])
        case SetSlot(slot, value):
            return f"{slot}={value}"
    return type(command).__name__.lower()
