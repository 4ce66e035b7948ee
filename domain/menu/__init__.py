"""The menu: categories and dishes of the brand, and what a store sells differently."""
