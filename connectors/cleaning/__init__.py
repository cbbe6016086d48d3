"""What sources send, cleaned: bytes, markup, contacts, coordinates, addresses."""
