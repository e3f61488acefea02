"""Misfits: their causes, the findings about repeated causes, and recommended fixes."""
