"""Getting bytes from the world, politely and guarded."""
