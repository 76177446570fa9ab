"""Where the store is, as the configuration says it."""

from pathlib import Path

import pytest

from aggregator.settings import ConfigError, Settings, load


def settings_of(folder: Path, store: str, **environ: str) -> Settings:
    """Return what is read."""
    path = folder / "aggregator.toml"
    path.write_text(f"[store]\n{store}\n", encoding="utf-8")
    return load(path, environ)


def test_a_database_is_named_as_libpq_names_it(tmp_path: Path) -> None:
    for url in ("postgresql://me@db.example:5433/news?sslmode=require", "postgres:///news?host=/run/postgresql"):
        settings = settings_of(tmp_path, f'url = "{url}"')
        assert settings.store.url == url
        assert settings.added == tmp_path / "aggregator.added.toml"


def test_a_password_comes_from_a_variable_or_a_file_and_is_shown_nowhere(tmp_path: Path) -> None:
    """HT-16."""
    (tmp_path / "secret").write_text("p@ss/word:1\n")
    for where in ('{ env = "DB" }', '{ file = "secret" }', '"p@ss/word:1"'):
        settings = settings_of(tmp_path, f'url = "postgresql://me@db/news"\npassword = {where}', DB="p@ss/word:1")
        assert settings.store.url == "postgresql://me:p%40ss%2Fword%3A1@db/news"
        assert "ss/word" not in repr(settings)
        assert "word" not in repr(settings.store)


@pytest.mark.parametrize(
    "store",
    [
        'url = "postgresql://db"',
        'url = "postgresql://me:tops3cret@db/ news"',
        'url = "postgresql://db/news?user=me&password=tops3cret"',
        'url = "postgresql://db/news"\npassword = "tops3cret"',
        'url = "postgresql://me:other@db/news"\npassword = "tops3cret"',
        'url = "postgresql://me@db/news"\npassword = { env = "UNSET" }',
        'url = "mysql://db/news"',
    ],
)
def test_what_is_no_address_is_refused_without_its_password(tmp_path: Path, store: str) -> None:
    with pytest.raises(ConfigError) as refused:
        settings_of(tmp_path, store)
    assert "store." in str(refused.value)
    assert "tops3cret" not in str(refused.value)
