"""How numbers, names and tables are written for people."""
