"""The command run: where the pivot sits, in many worlds."""
