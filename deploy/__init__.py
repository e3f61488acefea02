"""Deploys to AWS: prepares what SAM built for upload, and uploads the web pages. `make deploy` runs it."""
