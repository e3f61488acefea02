"""A practice: its people, chairs, services, business hours, settings and PMS agents."""
