"""What a session is copied to: watches and players, what each takes, and what is wrong with a folder that is for one."""
