"""What watches and players take."""
