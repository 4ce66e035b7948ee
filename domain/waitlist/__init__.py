"""Waitlist (排队叫号): lines by party size, numbers, a time that is promised and kept, calls, and who may sit down next.

Every change of a store's line on a business day waits in one line itself (line.py: `lock_day`), so nobody is called twice or skipped.
"""
