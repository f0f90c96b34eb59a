"""A session as a picture: its steps and what is heard in them, side by side over time."""
