"""Record linkage: which appointment may be the one that a patient asked for."""
