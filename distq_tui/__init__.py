"""distq-tui: a terminal instrument that asks whether one language model was taught by another.

The package is headless at its core: `engine.run()` yields events, and the window (`distq_tui.tui`), the command line
(`distq_tui.cli`) and the tests are three loops over them. Nothing is imported here, so that `--help` stays quick.
"""

__version__ = "0.1.0"
