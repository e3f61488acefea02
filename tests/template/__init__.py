"""The house rules of template.yaml, one test each. No network, no AWS."""
