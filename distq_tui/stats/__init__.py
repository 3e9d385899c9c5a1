"""Rates, means and tests with honest intervals; nothing here knows what is being measured."""
