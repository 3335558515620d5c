"""The command explain: why a seat or an alignment moved."""
