"""Identity consistency: what a model says it is, against the facts."""
