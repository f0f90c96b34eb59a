"""What a session is copied to: what each watch or player takes, and what is wrong with a folder that is for one."""
