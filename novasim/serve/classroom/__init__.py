"""A classroom over HTTP: the clouds of students, the board, joining, and novasim in one file."""
