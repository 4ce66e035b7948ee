"""`python -m haowei`."""

from haowei.cli import main

raise SystemExit(main())
