"""From files to a resolved scenario."""
