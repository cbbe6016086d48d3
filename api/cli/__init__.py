"""The command line: a face like any other. It asks queries and calls commands, nothing more."""
