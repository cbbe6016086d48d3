"""Keeping: tables, transactions, rows. Synchronous functions of a SQLAlchemy Connection."""
