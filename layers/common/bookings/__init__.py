"""Chairlink: a dental practice's online booking requests, turned into booked appointments."""
