"""The script of the live page, which Streamlit runs anew at every change of a control."""

from two_chairs_lab.studies.view.panels import main

main()
