"""Entity in, bytes out. Pure."""
