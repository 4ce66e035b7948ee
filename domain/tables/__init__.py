"""Table sessions (开台): from the first scan of a table's code to the bill. Diners at one table share one cart.

A party may move to a free table (换台) or go up in the party at another one (并台); its orders follow (domain/orders/moving.py).
"""
