"""Chairlink: turns a dental practice's online booking requests into booked appointments."""
