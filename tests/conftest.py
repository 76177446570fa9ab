"""For all tests."""

from hypothesis import settings

# A busy machine is no failure: tests are bounded in count, never in time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
