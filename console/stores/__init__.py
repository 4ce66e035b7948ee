"""The store of a token: which one it is, its business day and its clock."""
