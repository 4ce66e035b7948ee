"""Turns events into tickets, tickets into bytes, bytes into paper with proof."""
