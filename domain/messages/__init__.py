"""What we may send a diner: windows, quotas, and every message as a record with a state.

`request` is the only way out to a diner besides the passive reply. Source: RESTAURANT, Messages; reference wechat §1.2.
"""
