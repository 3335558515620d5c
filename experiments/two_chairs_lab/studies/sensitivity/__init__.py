"""The command sensitivity: theory, coding, luck."""
