"""Letters: what they say, and that each goes out once."""
