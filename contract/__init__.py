"""The HTTP contract as an OpenAPI document, made of the template's routes and the code's own models."""
