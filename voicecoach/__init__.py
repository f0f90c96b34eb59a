"""A spoken workout coach: scripts become timed voice cues, played live or exported as audio files."""
