"""`python -m haowei`."""

import gc


def _main() -> int:
    gc.set_threshold(50_000)  # nearly all that a start makes stays: looking through it again and again takes a sixth of the start
    from haowei.cli import main

    return main()


raise SystemExit(_main())
