"""Validators go back as they came, to the URL that gave them (section A)."""

import pytest

from aggregator.fetch import Fetcher
from aggregator.model import Validators
from tests.fetch.making import failed, fetched, not_modified
from tests.hostile_server import HostileServer, redirect
from tests.hostile_server.behaviours.validators import DATE, ETAGS


@pytest.mark.parametrize("kind", ["strong", "weak", "unquoted", "apache", "latin"])
async def test_an_etag_goes_back_byte_for_byte(server: HostileServer, fetcher: Fetcher, kind: str) -> None:
    """CR-01, CR-02, CR-03, CR-04, CR-05, CR-06: the first request asks for everything, the second for what changed."""
    url = server.url(f"/etag/{kind}")
    first = await fetched(fetcher, url)
    assert first.validators == Validators(etag=ETAGS[kind], last_modified=None, url=url)
    assert b"If-None-Match" not in server.heads[0]
    await not_modified(fetcher, url, first.validators)
    assert b"If-None-Match: " + ETAGS[kind] + b"\r\n" in server.heads[1]


async def test_a_last_modified_goes_back_verbatim(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-07: even in a format that nobody can read."""
    first = await fetched(fetcher, server.url("/modified"))
    await not_modified(fetcher, server.url("/modified"), first.validators)


async def test_both_validators_are_sent(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-08."""
    first = await fetched(fetcher, server.url("/both"))
    await not_modified(fetcher, server.url("/both"), first.validators)
    assert b'If-None-Match: "1"\r\n' in server.heads[1]
    assert f"If-Modified-Since: {DATE}\r\n".encode() in server.heads[1]


async def test_no_condition_is_invented(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-09: a feed without validators is asked for whole."""
    first = await fetched(fetcher, server.url("/feed"))
    assert first.validators is None
    await fetched(fetcher, server.url("/feed"), first.validators)
    assert b"If-" not in b"".join(server.heads)


async def test_validators_come_from_the_newest_answer(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-10, CR-11: both are replaced by what the answer has, none is carried over."""
    url = server.url("/headers?ETag=%22new%22")
    old = Validators(etag=b'"old"', last_modified=DATE.encode(), url=url)
    assert (await fetched(fetcher, url, old)).validators == Validators(etag=b'"new"', last_modified=None, url=url)


async def test_validators_that_are_no_longer_given_are_forgotten(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-14."""
    old = Validators(etag=b'"old"', last_modified=None, url=server.url("/feed"))
    assert (await fetched(fetcher, server.url("/feed"), old)).validators is None


async def test_a_304_renews_what_it_names_and_keeps_the_rest(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-12, CR-13."""
    renewed, kept = server.url("/renewed"), server.url("/unchanged")
    answer = await not_modified(fetcher, renewed, Validators(etag=b'"a"', last_modified=b"then", url=renewed))
    assert answer.validators == Validators(etag=b'"renewed"', last_modified=b"then", url=renewed)
    known = Validators(etag=b'"a"', last_modified=b"then", url=kept)
    assert (await not_modified(fetcher, kept, known)).validators == known


async def test_a_304_to_an_unconditional_request_is_a_protocol_error(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-15."""
    answer = await failed(fetcher, server.url("/unchanged"))
    assert (answer.kind, answer.status) == ("protocol", 304)


async def test_the_body_of_a_304_is_not_taken_for_the_next_answer(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-16: its connection is not used again."""
    url = server.url("/unchanged-with-body")
    await not_modified(fetcher, url, Validators(etag=b'"1"', url=url))
    assert (await fetched(fetcher, server.url("/feed"))).status == 200
    assert server.connections == 2


async def test_a_204_says_that_nothing_changed(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-33: no content is no change where something is known, and an empty feed where not."""
    url = server.url("/status/204")
    known = Validators(etag=b'"1"', url=url)
    assert (await not_modified(fetcher, url, known)).validators == known
    assert (await failed(fetcher, url)).kind == "empty"


async def test_validators_of_another_url_are_not_sent(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-20, CR-28: they belong to the URL that they were said of."""
    other = Validators(etag=b'"1"', url=server.url("/both?other"))
    await fetched(fetcher, server.url("/both"), other)
    assert b"If-None-Match" not in server.heads[0]


async def test_validators_meet_only_the_hop_they_were_learnt_from(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-21: A redirects to B, the validators are B's."""
    start = server.url(redirect(302, "/both"))
    first = await fetched(fetcher, start)
    assert first.validators is not None
    assert first.validators.url == server.url("/both")
    await not_modified(fetcher, start, first.validators)
    assert [b"If-None-Match" in head for head in server.heads] == [False, False, False, True]


async def test_of_two_etags_the_last_is_kept(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-26: and never the two joined by a comma."""
    validators = (await fetched(fetcher, server.url("/two-etags"))).validators
    assert validators is not None
    assert validators.etag == b'"last"'


@pytest.mark.parametrize("etag", [b'"a"\r\nX-Evil: 1', b'"a\x00"', b'"a\nb"'])
async def test_a_validator_that_would_break_its_header_is_not_sent(
    server: HostileServer, fetcher: Fetcher, etag: bytes
) -> None:
    """CR-27: as from a store that was tampered with."""
    url = server.url("/both")
    await fetched(fetcher, url, Validators(etag=etag, url=url))
    assert b"If-None-Match" not in server.heads[0]
    assert b"Evil" not in server.heads[0]


async def test_a_huge_validator_is_not_kept(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-29."""
    assert (await fetched(fetcher, server.url("/etag/huge"))).validators is None


async def test_a_cut_body_gives_no_validators(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-19: it is a failure, which has none."""
    assert (await failed(fetcher, server.url("/length-short"))).kind == "protocol"


async def test_expires_in_the_past_changes_nothing_about_conditions(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-25."""
    url = server.url("/headers?Expires=0&ETag=%221%22")
    await fetched(fetcher, url, (await fetched(fetcher, url)).validators)
    assert b'If-None-Match: "1"' in server.heads[1]
