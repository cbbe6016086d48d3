"""The history of the tables. Each revision stands for itself and imports no table of today."""
