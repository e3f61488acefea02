"""Slots, day sheets, conflicts and openings."""
