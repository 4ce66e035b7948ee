"""The demo: a shop, a phone and the kitchen's paper on one page, around the real program."""
