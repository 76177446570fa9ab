"""Entry to article: identity, hashes, sanitised HTML, Markdown, plain text, slug."""
