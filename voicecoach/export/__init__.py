"""An arrangement becomes a file: only what sounds is encoded, once; many files at once, here or on a cluster."""
