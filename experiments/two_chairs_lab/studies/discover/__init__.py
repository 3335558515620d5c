"""The command discover: where in the space something happens."""
