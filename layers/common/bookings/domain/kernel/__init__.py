"""What every other part of the domain builds on: base models, errors, ids, time, field types."""
