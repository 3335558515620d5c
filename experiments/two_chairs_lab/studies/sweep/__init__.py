"""The commands sweep, plot, replay and export: parameters × scenarios × luck."""
