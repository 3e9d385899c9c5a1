"""What stands behind the screens: the real services over store, engine, providers and reports."""
