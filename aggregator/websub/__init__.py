"""WebSub as the W3C wrote it down (Recommendation of 23 January 2018): what is said and what it means. Pure.

Who acts on it is ``aggregator.subscriber``, for feeds that are read, and ``publish/hub_ping.py``, for those of our own.
"""
