"""Doing it again and again: clock, worker, leases."""
