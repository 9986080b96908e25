"""Search by meaning: sentence encoders, and the vectors of an index's clauses. Nothing here loads unless it is used."""
