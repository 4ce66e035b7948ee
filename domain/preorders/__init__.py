"""Pre-orders (先点菜): what a party chooses while it waits for its table. Once it has said yes, the dishes are placed when it sits down.

Until then it is a cart like any other: nothing is cooked, no portion is taken, and prices are those of the moment of placing.
"""
