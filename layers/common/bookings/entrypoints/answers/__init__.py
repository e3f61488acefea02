"""The JSON bodies of successful answers: one `TypedDict` per body, and the function that makes it from the domain.

A handler names the body in its return annotation. mypy checks it, and `contract/` makes the OpenAPI schema from it.
A `TypedDict` is a plain dict at run time, so a cold start pays nothing for these definitions.
"""
