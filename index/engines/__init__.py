"""The engines: each compiles the closed list of `index.clause` and implements the protocols of `index.engine`."""
