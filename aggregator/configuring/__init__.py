"""How the configuration file is read, checked and explained. `configuration.py` is the door."""
