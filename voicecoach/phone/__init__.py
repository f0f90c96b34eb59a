"""A session as one page that a phone plays."""
