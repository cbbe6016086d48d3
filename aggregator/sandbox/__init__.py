"""Reading hostile bytes in a child process."""
