"""What faces may do. One file per noun."""
