"""The site in a real Chromium. Every test here is synchronous: the tool that steers it has an event loop of its own."""
