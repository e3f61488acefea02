"""What PMS agents report, and what that changes."""
