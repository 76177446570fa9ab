"""Tests of articles from pages."""
