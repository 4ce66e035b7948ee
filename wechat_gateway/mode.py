"""How the account sends its pushes."""

from enum import StrEnum


class Mode(StrEnum):
    """How the account sends its pushes: a setting of the account, repeated in ours."""

    SAFE = "safe"
    COMPATIBLE = "compatible"  # plain and encrypted side by side: the encrypted part is read
    PLAIN = "plain"  # refused outside the demo
