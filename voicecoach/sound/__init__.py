"""Audio in memory: clips, loudness, decoding, the sounds that ship, music."""
