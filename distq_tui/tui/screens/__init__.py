"""One module a screen; the folder mirrors the window."""
