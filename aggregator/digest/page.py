"""One web page, from bytes to the HTML of its article; run by the workers, each page by itself."""

from aggregator.digest.job import PageJob
from aggregator.model import Missed, Page


def read_page(job: PageJob) -> Page | Missed:
    """Return the article of a page, or why there is none."""
    # What finds articles takes 15 MB, and a while to load: only where a feed wants it.
    from aggregator.extract.article import read_article  # noqa: PLC0415
    from aggregator.parse.charset import decode_page  # noqa: PLC0415

    markup = decode_page(job.body, job.content_type)
    return read_article(markup, job.url, asked=job.asked, wanted=job.full_text)
