"""A timeline becomes an arrangement: every cue on its sample, and samples from it."""
