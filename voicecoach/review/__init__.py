"""What a coach looks at: the cue sheet, warnings, and the view of a running session."""
