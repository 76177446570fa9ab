"""Signatures of texts: what makes a difference to them, and what does not."""

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.enrich.minhash import signature
from aggregator.store.resemblance import is_near, likeness
from tests.stories import WORDS

CHINESE = (
    "市政府星期一宣布,经过十一个星期的维修,港口渡轮将恢复航行。"
    "船长说,新的发动机更安静,票价保持不变,末班船九点开出。乘客们欢呼起来,乐队奏起了音乐。"
)
THAI = "เรือข้ามฟากของท่าเรือจะกลับมาให้บริการอีกครั้งในวันจันทร์หลังจากซ่อมแซมนานสิบเอ็ดสัปดาห์กัปตันกล่าวว่าเครื่องยนต์ใหม่เงียบ"
HINDI = (
    "बंदरगाह की नौका सोमवार से फिर चलेगी, ग्यारह सप्ताह की मरम्मत के बाद; कप्तान ने कहा कि नया इंजन पहले से शांत है,"
    " किराया वही रहेगा और आखिरी नाव नौ बजे छूटेगी।"
)


def resemblance(one: str, other: str) -> float:
    mine, theirs = signature(one), signature(other)
    assert mine is not None
    assert theirs is not None
    return likeness(mine, theirs)


def words(count: int, seed: int = 1) -> list[str]:
    chance = random.Random(seed)
    return [f"w{chance.randrange(5000)}" for _ in range(count)]


def test_case_punctuation_and_white_space_make_no_difference() -> None:
    other = WORDS.upper().replace(", ", " — ").replace("; ", ".\n\n").replace("'", "’")
    assert resemblance(WORDS, other) == 1


@pytest.mark.parametrize("text", [WORDS, CHINESE, THAI, HINDI])
def test_a_copy_with_a_note_before_and_after_is_near(text: str) -> None:
    assert is_near(resemblance(text, f"(AP) {text} ©"))


@pytest.mark.parametrize("text", [CHINESE, THAI, HINDI])
def test_the_same_words_in_another_order_are_another_text(text: str) -> None:
    units = text.split() if " " in text else list(text)
    random.Random(2).shuffle(units)
    assert not is_near(resemblance(text, (" " if " " in text else "").join(units)))


@pytest.mark.parametrize("count", [30, 100, 400, 1500])
def test_a_likeness_is_about_the_share_of_common_sequences(count: int) -> None:
    """Half of the words of each are its own."""
    common = words(count)
    one, other = common + words(count // 4, 2), common + words(count // 4, 3)
    expected = (count - 2) / (count - 2 + 2 * (count // 4))
    assert resemblance(" ".join(one), " ".join(other)) == pytest.approx(expected, abs=0.2)


def test_unrelated_texts_are_not_near() -> None:
    many = [" ".join(words(300, seed)) for seed in range(20)]
    assert not any(is_near(resemblance(one, other)) for one in many for other in many if one is not other)


@pytest.mark.parametrize(
    "text", ["", "Click here.", " ".join(words(19)), "ha " * 5000, "市" * 5000, "\n \t", "🎉" * 300]
)
def test_what_says_too_little_has_no_signature(text: str) -> None:
    assert signature(text) is None


def test_a_signature_is_the_same_in_every_process() -> None:
    code = f"from aggregator.enrich.minhash import signature; print(signature({WORDS!r}).hex())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = signature(WORDS)
    assert found is not None
    assert told.stdout.strip() == found.hex()


@given(st.text(alphabet=st.characters(codec=None), min_size=40))
def test_every_text_has_64_bytes_or_none(text: str) -> None:
    """Lone surrogates and all."""
    found = signature(text * 3)
    assert found is None or len(found) == 64
