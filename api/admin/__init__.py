"""Looking after sources and runs: pages that tell, a login, and decisions about what is held."""
