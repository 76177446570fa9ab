"""Names by rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.enrich.entities import entities


def names(text: str, title: str = "", language: str = "en") -> tuple[str, ...]:
    return tuple(entity.name for entity in entities(title, text, language))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("However, Umbrax said on Monday that it had hired Ann Otter.", {"Umbrax", "Ann Otter"}),
        ("Police said so. Ministers agreed.", set()),
        ("Wired reports that the ferry is back.", {"Wired"}),
        ("The Bank of England and the Ministry of Trade met.", {"Bank of England", "Ministry of Trade"}),
        ("President Ann Otter met Dr. Bo Weaver.", {"Ann Otter", "Bo Weaver"}),
        ("The prime minister, Mr Otter, and the Prime Minister's office.", {"Otter"}),
        ("In Norway's capital, a US court and a London-based firm.", {"Norway", "London"}),
        ("The Food and Drug Administration and Merck and Co agreed.", {"Food and Drug Administration", "Merck and Co"}),
        ("It ran on an API, at 5 PM EST, with AI.", set()),
        ("They watched “Gone With Otters” twice.", {"Gone With Otters"}),
        ("The Government and the Board of it.", set()),
        ("He rode through Reading.", {"Reading"}),
        ("A Syrian general, the Costa Rican team and the Muslims there. British Airways flew.", {"British Airways"}),
        ("They were drawn AWAY, wrote PAs and DVDs of the XXXV.", set()),
        ("1. Wage Reporting\nIt pays.\n16:20 Testing\n- Creating it", set()),
        ("He wrote Twitter Under the Lamp and the Arithmetic of Trade.", {"Twitter"}),
        ("It calls User.save() of List<Post>, see https://x.example/TQuxV and ask Ann.Otter@x.example.", set()),
        (
            "Run Node.js, C# or MapReduce on watchOS at Google.org.",
            {"Node.js", "C#", "MapReduce", "watchOS", "Google.org"},
        ),
        ("Ann Otterâ€™s ferry.", {"Ann Otter"}),
        ("Reactive Programming And Memory Management For Everyone\nIt ran.", set()),
        ("It said: WEATHER ADVISORY IN EFFECT FROM THIS EVENING.", set()),
        ("Cytokinins are perceived. Yup. Deploying it took days.", set()),
        (
            "South Africa voted. Use Umbrax. Fort Zorbo agreed.",
            {"South Africa", "Umbrax", "Fort Zorbo"},
        ),
        ("Democrat Ann Otter won in the U.S. The ferry sails.", {"Ann Otter"}),
        (
            "It has Ferry::Helper\nclass Zorbo\nint Zork = new Zork();\nThanks to @Ann-Otter, #Umbrax and a TestCase",
            set(),
        ),
        ("The American Journal of Public Health says so.", {"American Journal of Public Health"}),
        ("Ludwig van Beethoven met Charles de Gaulle.", {"Ludwig van Beethoven", "Charles de Gaulle"}),
    ],
)
def test_a_capital_that_means_something_is_a_name(text: str, expected: set[str]) -> None:
    assert set(names(text)) == expected


def test_a_defined_short_form_and_a_surname_are_the_whole_name() -> None:
    text = "The Model Harbour Initiative (MHI) was led by Ann Otter. Otter left MHI in May, and MHI closed."
    assert names(text) == ("Model Harbour Initiative", "Ann Otter")


def test_initials_need_no_definition() -> None:
    assert names("The North Sea Ferry Line sails. Later NSFL stopped.") == ("North Sea Ferry Line",)


def test_a_headline_in_capitals_has_the_names_that_the_text_has() -> None:
    text = "The ferry of Umbrax is back, Ann Otter said. It was Umbrax that paid."
    assert names(text, "Harbour Ferry Returns After Otter Calls Umbrax") == ("Umbrax", "Ann Otter")
    assert names("", "Harbour Ferry Returns After Zyxware Deal") == ("Zyxware",)


def test_shouted_names_are_written_as_the_text_has_them() -> None:
    assert names("They told GIZMONAUT so. Gizmonaut reported it.") == ("Gizmonaut",)


def test_what_the_title_names_goes_first_then_what_comes_early_and_often() -> None:
    text = "In Oslo, Zorbo met Quill. Later Quill saw Quill and Quill again. Bergen was quiet."
    assert names(text, "What happened in Bergen") == ("Bergen", "Quill", "Oslo", "Zorbo")


def test_kinds_are_told_where_they_show() -> None:
    found = entities("", "Ann Otter of Umbrax Corp flew from Norway with an iPhone; Quillish waited.", "en")
    assert dict(found) == {
        "Ann Otter": "person", "Umbrax Corp": "organisation", "Norway": "place", "iPhone": "product", "Quillish": None
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Le ministre a vu l'Ukraine. Dans la ville, d'Abbas à Lyon, on attend.", {"Ukraine", "Abbas", "Lyon"}),
        ("de", "Die Regierung und der Minister Peter Biber sprachen über Äpfel und die Firma Ottertal GmbH.",
         {"Peter Biber", "Firma Ottertal GmbH"}),
        ("de", "Das Haus steht im Wald. Peter Biber wohnt dort.", {"Peter Biber"}),
        ("ru", "Вчера в Москве сказал Иван Бобров. Потом Бобров ушёл.", {"Москве", "Иван Бобров"}),
        ("zh", "使用人工智能的公司宣布新产品。", set()),
        ("ar", "قالت شركة Umbrax اليوم.", {"Umbrax"}),
        ("fr", "Selon l'Autorité de régulation, le Conseil attend. Quelques ferrys partent.", set()),
        ("es", "Ana Nutria y Boris Tejedor llegaron a la Comisión en enero.", {"Ana Nutria", "Boris Tejedor"}),
        ("ru", "Они подписали Договор о дружбе, а Университета нет: это другой университет.", set()),
        ("ru", "Вышел Ottertalвторого поколения.", set()),
        ("hu", "Az alábbi iparágak: Olajipar, Vegyipar, Gyógyszeripar, Papíripar, Gépipar.", set()),
        ("zh", "這個Program的概念（Install Base）與《水獺傳》，Umbrax說。", {"水獺傳", "Umbrax"}),
        ("ja", "ボー・ウィーバー氏は水獺太郎氏と話した。", {"ボー・ウィーバー", "水獺太郎"}),
        ("ko", "어제 김수달 씨가 왔다.", {"김수달"}),
    ],
)  # fmt: skip
def test_other_languages_have_certain_names_or_none(language: str, text: str, expected: set[str]) -> None:
    """In German every noun has a capital; in Chinese none."""
    assert set(names(text, language=language)) == expected


@given(st.text(), st.text(), st.sampled_from(["en", "de", "fr", "ru", "zh", None]))
def test_any_text_has_names_that_it_holds(title: str, text: str, language: str | None) -> None:
    found = [entity.name for entity in entities(title, text, language)]
    assert len(set(found)) == len(found)
    assert all(name.split()[0] in f"{title} {text}" for name in found)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("text", ["Ab " * 7000, "A. " * 7000, "Ab of the " * 3000, "(Ab) " * 4000, "Ab-" * 7000])
def test_hostile_text_costs_no_more_than_other_text(text: str, language: str) -> None:
    """Bounded by the length looked at; a quadratic rule would take minutes."""
    entities(text[:500], text, language)


def test_scripts_without_capitals_are_no_part_of_a_name() -> None:
    assert names("提出LVLM2P框架利用LVLM作为教师", language="zh") == ("LVLM2P", "LVLM")
    assert names("AOL의 전략, AOL은", language="ko") == ("AOL",)


def test_a_company_is_one_with_and_without_its_form() -> None:
    assert names("Microsoft Corp said that Microsoft would.") == ("Microsoft",)


def test_what_only_a_headline_names_has_to_be_no_word() -> None:
    text = (
        "There is a lot to say about it, and much of it has been said before by people who know more than we do here."
    )
    assert names(text, title="Unglamorous Giveaway Praised") == ()
    assert names(text, title="Unglamorous Giveaway by InnoDB Praised") == ("InnoDB",)
