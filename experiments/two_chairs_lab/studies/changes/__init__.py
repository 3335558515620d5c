"""The command changes: what a change of rules, ledger or draws has moved, over all results."""
