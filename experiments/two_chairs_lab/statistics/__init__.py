"""Statistics on arrays; nothing here knows the model."""
