"""The command theories: rival theories on the same record."""
