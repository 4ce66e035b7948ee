"""Staff and their machines: the JSON API of tills and screens (api/, and a folder for each feature), and that of the print agents."""
