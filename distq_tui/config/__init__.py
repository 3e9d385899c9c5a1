"""Where things lie and who is asked: paths, settings, the model registry, prices and references to keys."""
