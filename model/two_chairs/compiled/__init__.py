"""The week compiles itself: an engine that runs the model's own rules as machine code.

Optional and never needed. `tracing` runs the rules once on symbols, `source` writes what they
compute as C, `library` has it compiled and keeps it, `running` runs worlds by it. Where any of
this can not be done, worlds are run by NumPy as ever. See ``docs/compiled.md``.
"""
