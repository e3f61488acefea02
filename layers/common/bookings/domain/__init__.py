"""The rules of booking: pure Python that knows neither AWS nor HTTP, and has no clock of its own."""
