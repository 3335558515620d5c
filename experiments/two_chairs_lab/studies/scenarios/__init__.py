"""The commands list, check and show: scenarios and what is in them."""
