"""Orders (点单): a cart shared by a table or held by one diner, placed in rounds (加菜), priced by the server.

States cart → placed → accepted → cooking → ready → served → closed. Source: RESTAURANT, Orders.
"""
