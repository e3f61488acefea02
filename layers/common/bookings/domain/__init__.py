"""The rules: pure Python, no AWS, no input or output; the current time is an argument."""
