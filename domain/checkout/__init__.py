"""Checkout (结账): one pure pricing function for chat, till and refund, the bill that explains itself, and paying it.

Source: RESTAURANT, Checkout.
"""
