"""Outside text on its way to the screen: made harmless, wrapped, compared, worded; and to other programs."""
