"""A web page -> the HTML of its article. Pure, and loaded only where a feed wants full text."""
