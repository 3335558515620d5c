"""The command view: a live page on this machine alone."""
