"""The window. The only room that imports Textual; its folders mirror the screen."""
