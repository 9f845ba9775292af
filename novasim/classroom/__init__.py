"""A classroom: a folder with a roster, the hashes of join words, and a cloud for each student."""
