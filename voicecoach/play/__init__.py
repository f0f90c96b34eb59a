"""A session heard live: what is about to sound, where it sounds, and where in the session that is."""
