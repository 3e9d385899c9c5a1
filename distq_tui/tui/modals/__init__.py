"""Screens that stand over another and give an answer back."""
