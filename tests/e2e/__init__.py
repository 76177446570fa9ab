"""The program as a person runs it: real processes, a real server, real files."""
