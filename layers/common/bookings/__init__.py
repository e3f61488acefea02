"""Chairlink: a dental practice's online booking requests, turned into booked appointments.

While a function starts, the collector is off: nearly everything that a start makes stays for good, and to look through
it again and again costs a twentieth of the start. `storage.database.connect`, the last step of a start, freezes what is
there, so that it is never looked through, and turns the collector on.
"""

import gc
import os

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    gc.disable()
