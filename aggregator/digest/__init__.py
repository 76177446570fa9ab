"""bytes -> drafts: parse, skip what is known, normalize, enrich; pure, and run in worker processes."""
