"""Days of polling in minutes: the real poller, store and fetcher, in simulated time, on a simulated internet.

The servers of that internet judge what they are asked (``referee``); nothing here believes the program's own audit.
"""
