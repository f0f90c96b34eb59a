"""Pages for the phone at home: who is let in, what is listened on, which pages there are, and what is answered."""
