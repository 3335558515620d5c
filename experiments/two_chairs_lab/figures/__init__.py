"""Figures: one style, a module a kind of result; functions take data and return a Figure."""
