"""Scenario discovery: where in a space of inputs something happens."""
