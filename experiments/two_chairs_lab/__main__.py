"""Run the command line as ``python -m two_chairs_lab``."""

from two_chairs_lab.cli import main

main()
