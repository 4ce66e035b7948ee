"""Tests of giving money back."""
