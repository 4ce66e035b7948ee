"""The shop file: what the owner writes about the brand, its stores and its menu, read, checked and imported.

Reading (`reading`) finds every fault of a file by path and line; importing (`importing`) brings the tables of stores and
menu to what the file says, all or nothing, and retires what it no longer names; the snapshot (`snapshot`) is the view
in memory that chat, pricing and printing read.
"""
