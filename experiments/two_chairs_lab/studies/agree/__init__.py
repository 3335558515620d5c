"""The command agree: how far two coders agree, and what it does to the answer."""
