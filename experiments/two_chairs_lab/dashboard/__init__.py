"""The live page: its changes, its controls beside its panels, and how it is served."""
