"""How do the connectors do on real documents? Every file is read as a sync reads it, and what came
of it is compared with what is known to be right. Changes nothing and keeps nothing.
"""
