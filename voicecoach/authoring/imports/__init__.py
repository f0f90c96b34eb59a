"""Workouts of other programs made scripts: one module a format, one plan that all of them give, one writer."""
