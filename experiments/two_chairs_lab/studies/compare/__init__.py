"""The command compare: what if one thing changes."""
