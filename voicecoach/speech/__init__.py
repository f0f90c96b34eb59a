"""Lines become clips: engines, their voices, and who speaks."""
