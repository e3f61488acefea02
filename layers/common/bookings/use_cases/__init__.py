"""What each actor can do: one module for each. Storage and the time come in as arguments."""
