"""What a session is copied to: what each watch or player takes, and a session as it wants it."""
