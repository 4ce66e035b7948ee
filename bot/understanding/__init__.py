"""From a diner's words to commands. No model, no I/O.

deterministic   one message: the answer to an open question, a fixed phrase, or what is said about dishes
phrases         keywords, yes and no, numbers, however politely said
order_words     what a message does to the cart, and what it asks about dishes; order_tokens cuts it, order_items reads it
lexicon         the closed words of ordering, by what they do; wishes: how a dish is wanted
resolvers       text to values, from the shop's own menu
"""
