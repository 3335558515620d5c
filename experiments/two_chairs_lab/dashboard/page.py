"""The script of the live page, which Streamlit runs anew at every change of a control."""

from two_chairs_lab.dashboard.panels import main

main()
