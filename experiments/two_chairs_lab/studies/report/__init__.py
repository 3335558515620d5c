"""The command report: one page to send."""
