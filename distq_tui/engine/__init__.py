"""Runs trials: cache first, then calls within limits, retries and budget; yields events.

`Engine.run(source)` is an async iterator of events, and `pause()`, `resume()` and `stop()` are its only commands.
"""
