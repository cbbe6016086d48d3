"""The machine: pull, decide, keep, publish. Names no single connector."""
