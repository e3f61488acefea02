"""Puts the pages into the bucket of a deployed stage."""
