"""The questions: one folder each, with study, render, figures and command."""
