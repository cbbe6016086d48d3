"""The fake city: loopback servers that speak the real formats. Imports nothing of the house."""
