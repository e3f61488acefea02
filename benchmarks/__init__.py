"""What it costs and how well it does; prints ratios, since machines differ."""
