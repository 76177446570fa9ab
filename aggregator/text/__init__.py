"""Text as people read it: HTML to plain text, sentences, boilerplate, safe output. A leaf: nothing of feeds in it."""
