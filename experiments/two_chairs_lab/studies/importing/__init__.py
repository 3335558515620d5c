"""The command import: rows of event data sets as a ledger."""
