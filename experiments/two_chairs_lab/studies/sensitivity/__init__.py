"""The command sensitivity: measurement, behaviour, coding, luck."""
