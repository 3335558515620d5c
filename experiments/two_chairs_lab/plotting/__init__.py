"""Style and parts of figures that several studies share."""
