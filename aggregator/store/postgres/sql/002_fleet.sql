-- What is due, bucket by bucket: a fleet shares the schedule so.
CREATE INDEX feeds_bucket ON feeds(bucket, next_poll_at) WHERE active;
