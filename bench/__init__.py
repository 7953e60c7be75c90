"""What the bot must stand, measured: `make bench` prints a table and writes build/bench.json."""
