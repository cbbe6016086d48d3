"""The monitor of sources and runs. Reading only."""
