"""Files of other tools: how they are read and written. No meaning here, only form."""
