"""Measurements that others can repeat: `python -m bench.quality`, `python -m bench.speed`. Not part of the package."""
