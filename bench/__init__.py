"""Exports of the same sessions by voicecoach and its peers, side by side: ``python -m bench``."""
