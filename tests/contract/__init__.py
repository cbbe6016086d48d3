"""The service held against what its OpenAPI document promises."""
