"""A real OpenSearch cluster on this machine, for development, tests and measuring; never for service."""

from cluster.cluster import Cluster
from cluster.places import ClusterProblem

__all__ = ["Cluster", "ClusterProblem"]
