"""The menu (菜单): categories and dishes of the brand, what a store sells differently, and how many portions it still has today (估清)."""
