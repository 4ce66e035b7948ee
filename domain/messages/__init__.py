"""What we may send a diner: windows, consents, quotas, and every message as a record with a state and a reason.

`request` is the only way out to a diner besides the passive reply; `arbiter.decide` is the only place that says whether a
message leaves, through which channel, and why not. Source: RESTAURANT, Messages; reference wechat §1.2–1.5.
"""
