"""The edges: chat platforms, command line, clock and wiring."""
