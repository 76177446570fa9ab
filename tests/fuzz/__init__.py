"""Fuzzing what reads hostile text: ``python -m tests.fuzz TARGET --minutes 10``; a short run of each is a test."""
