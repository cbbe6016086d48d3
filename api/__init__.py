"""The faces: HTTP, pages, the command line. They ask `aggregator`, never its tables."""
