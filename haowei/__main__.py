"""`python -m haowei`."""

import gc

gc.set_threshold(50_000)  # nearly all that a start makes stays: looking through it again and again takes a sixth of the start

from haowei.cli import main  # noqa: E402

raise SystemExit(main())
