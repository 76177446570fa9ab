"""The site: every record as a page and in forms for programs, lists, search, feeds. One router a file."""
