"""What languages are called, for people who read English."""

_KNOWN = """
ar Arabic; bg Bulgarian; bn Bengali; ca Catalan; cs Czech; da Danish; de German; el Greek; en English; es Spanish; et
Estonian; eu Basque; fa Persian; fi Finnish; fr French; ga Irish; gl Galician; he Hebrew; hi Hindi; hr Croatian; hu
Hungarian; id Indonesian; it Italian; ja Japanese; ko Korean; la Latin; lt Lithuanian; lv Latvian; mk Macedonian; ms
Malay; nb Norwegian; nl Dutch; no Norwegian; pl Polish; pt Portuguese; ro Romanian; ru Russian; sk Slovak; sl
Slovenian; sq Albanian; sr Serbian; sr-Latn Serbian (Latin); sv Swedish; ta Tamil; th Thai; tr Turkish; uk Ukrainian;
ur Urdu; vi Vietnamese; zh Chinese; zh-Hans Chinese (simplified); zh-Hant Chinese (traditional)
"""
_NAMES = dict(pair.split(maxsplit=1) for pair in _KNOWN.split(";"))


def language_name(tag: str) -> str:
    """Return the name of a language, or its tag (BCP 47) where we have none."""
    return _NAMES.get(tag) or _NAMES.get(tag.partition("-")[0]) or tag
