"""The command update: where a state stands now, and what moved since the last record."""
