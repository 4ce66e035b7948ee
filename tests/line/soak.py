"""What takes minutes runs only in `make soak` (HAOWEI_SOAK=1)."""

import os

import pytest

SOAK = bool(os.environ.get("HAOWEI_SOAK"))
soak = pytest.mark.skipif(not SOAK, reason="takes long: make soak")
