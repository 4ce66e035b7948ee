"""Tests of what diners are told."""
