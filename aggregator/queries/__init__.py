"""What faces may ask. One file per noun; reading only."""
