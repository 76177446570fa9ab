"""When to poll: the interval policy (pure), and the ticker."""
