"""Orders (点单): a cart shared by a table or held by one diner, placed in rounds (加菜), priced by the server.

States cart → placed → accepted → cooking → ready → served → closed. The staff take dishes back (退菜), keep a round
waiting (叫起) and fire it (起菜), and call the kitchen (催菜). Source: RESTAURANT, Orders.
"""
