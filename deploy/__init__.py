"""What `make deploy` runs besides the SAM CLI: prepare the build for upload, and upload the web pages."""
