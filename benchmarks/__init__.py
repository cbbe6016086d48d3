"""Measurements, as ratios against a ceiling taken in the same run. Not part of the product."""
