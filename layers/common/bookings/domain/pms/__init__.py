"""Events that PMS agents report, and the changes that they cause."""
