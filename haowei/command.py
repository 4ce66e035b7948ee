"""How a command of `haowei` is put beside the others."""

import argparse
from collections.abc import Callable
from typing import TypeAlias

Group: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""The commands of one level. The class has no public name."""


def command(group: Group, name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
    """Add a command to a group of them.

    Args:
        run: What it does; returns the exit code.
        about: What it does, in a line of `haowei --help`.

    Returns:
        Its parser, for arguments of its own.
    """
    parser = group.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    parser.set_defaults(run=run)
    return parser
