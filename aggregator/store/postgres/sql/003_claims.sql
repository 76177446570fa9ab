-- How many polls of an origin are under way, asked for each feed that might be claimed.
DROP INDEX feeds_claimed;
CREATE INDEX feeds_claimed ON feeds(origin, claimed_until) WHERE claimed_until IS NOT NULL;
