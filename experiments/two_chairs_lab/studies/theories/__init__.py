"""The command theories: ablations of the model on the same record."""
