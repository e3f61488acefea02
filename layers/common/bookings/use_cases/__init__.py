"""One module per operation family. Stores, transports and the time are arguments."""
