"""A scenario in many worlds: state, agents, the week, and what a run leaves."""
