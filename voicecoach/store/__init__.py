"""What stays on disk: the cache, the folders, and files that are there in whole or not at all."""
