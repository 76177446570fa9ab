-- How many polls of an origin are under way, asked for each feed that might be claimed.
DROP INDEX feeds_claimed;
CREATE INDEX feeds_claimed ON feeds(origin, claimed_until) WHERE claimed_until IS NOT NULL;

-- When buckets were taken from processes that were not heard of, and how many: for whoever watches over a fleet.
CREATE TABLE reaps (at timestamptz NOT NULL, buckets bigint NOT NULL);
