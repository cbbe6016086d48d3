"""Loopback servers that answer as the world does, well or badly."""
