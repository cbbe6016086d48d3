"""The pages people read. Server-rendered, without scripts and without foreign hosts."""
