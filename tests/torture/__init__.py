"""Torture: what no ordinary test does to the machine. Bounded, loopback only, counts printed."""
