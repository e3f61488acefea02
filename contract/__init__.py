"""The OpenAPI document of the HTTP API, generated from the template's routes and the code's models."""
