"""The command new: commented files to begin with."""
