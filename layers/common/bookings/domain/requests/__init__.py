"""Booking requests, appointments, patients and the history of a request."""
