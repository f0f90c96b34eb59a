"""A workout becomes a timeline: what is to be heard, in seconds and text. Pure: no voice, no sound, no clock."""
