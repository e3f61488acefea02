"""Use cases, one module per operation or family of operations. Stores, transports and the time are arguments."""
