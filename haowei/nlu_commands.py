"""`haowei nlu`: training, judging and trying out how diners are understood."""

import argparse
import asyncio
from datetime import datetime
from pathlib import Path

from haowei.command import Group, command
from haowei.settings import load_settings


def add_nlu_commands(commands: Group) -> None:
    """Put `haowei nlu` with its commands beside the other commands."""
    nlu = commands.add_parser("nlu", help="understanding diners").add_subparsers(required=True, metavar="COMMAND")
    train = command(nlu, "train", _train, "learn from nlu_data now; a service does it by itself when the data is new")
    train.add_argument("--tune", action="store_true", help="first choose by cross-validation how to learn (minutes); kept in nlu_data")
    test = command(nlu, "test", _test, "judge an engine on sentences whose meaning is known")
    test.add_argument("--engine", choices=["embedded", "rasa"], help="which engine (default: HAOWEI_NLU)")
    test.add_argument(
        "--shop", type=Path, metavar="FILE", help="judge the whole understanding of a diner of this shop, not the engine alone"
    )
    test.add_argument("--report", type=Path, metavar="FILE", help="write a Markdown report there, with an SVG picture beside it")
    compare = command(nlu, "compare", _compare, "put both engines side by side on the same sentences: quality, speed, memory")
    compare.add_argument(
        "--rasa-url",
        default="",
        metavar="URL",
        help="a Rasa server that has learned from the same data (default: HAOWEI_RASA_URL; without one only the embedded engine is judged)",
    )
    for judging in (test, compare):
        judging.add_argument(
            "file",
            type=Path,
            metavar="FILE",
            help="the sentences: Rasa's NLU YAML, a folder of it, or JSON lines of text, intent, entities",
        )
        judging.add_argument(
            "--learn-from",
            type=Path,
            action="append",
            default=[],
            metavar="PATH",
            help="a file or folder (Rasa's NLU YAML) that the embedded engine learns from instead of nlu_data, by the settings of an "
            "embedded.yml that stands with it; may be given several times",
        )
    parse = command(nlu, "parse", _parse, "read one message a line on standard input, print what is understood as one JSON object a line")
    chat = command(nlu, "chat", _chat, "talk to the bot here; /scan t.STORE.TABLE scans a code, /menu INTENT taps the menu bar")
    chat.add_argument("--show", action="store_true", help="say what was understood, too")
    for reading in (parse, chat):
        reading.add_argument(
            "--shop", type=Path, metavar="FILE", help="a shop file; a menu and the hours of one store are enough (default: the demo's)"
        )
        reading.add_argument(
            "--now", type=_moment, metavar="ISO", help="take it to be this time: 2026-11-18T14:20, in the shop's zone if it names none"
        )
        reading.add_argument("--engine", choices=["embedded", "rasa"], help="which engine (default: HAOWEI_NLU)")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-11-18T14:20 or 2026-11-18T14:20+08:00") from None


# Imports stand inside the commands, as in haowei.cli.


def _train(given: argparse.Namespace) -> int:
    from haowei.nlu_evaluation import train

    return train(load_settings(), tuned=given.tune)


def _test(given: argparse.Namespace) -> int:
    from haowei.nlu import with_engine
    from haowei.nlu_evaluation import test

    return asyncio.run(test(with_engine(load_settings(), given.engine), given.file, given.learn_from, given.shop, given.report))


def _compare(given: argparse.Namespace) -> int:
    from haowei.nlu_evaluation import compare

    settings = load_settings()
    return asyncio.run(compare(settings, given.file, given.learn_from, given.rasa_url or settings.rasa_url))


def _parse(given: argparse.Namespace) -> int:
    from haowei import nlu

    return asyncio.run(nlu.parse(nlu.with_engine(load_settings(), given.engine), given.shop, given.now))


def _chat(given: argparse.Namespace) -> int:
    from haowei import nlu

    return asyncio.run(nlu.chat(nlu.with_engine(load_settings(), given.engine), given.shop, given.now, show=given.show))
