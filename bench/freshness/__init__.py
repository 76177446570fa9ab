"""How soon new entries are found with how many requests: poll schedules compared over publication histories."""
