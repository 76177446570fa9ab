"""What would keep a file from being written is seen beforehand, as far as it can be."""

import os
from pathlib import Path

import pytest

from aggregator.publish.unwritable import hindrance


def test_a_path_that_is_a_folder_or_goes_through_a_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert hindrance(tmp_path) == f"{tmp_path}: Is a directory (a folder is there: name a file)"
    assert f"{tmp_path}/file: Not a directory" in (hindrance(tmp_path / "file" / "deeper" / "a.jsonl") or "")
    assert hindrance(tmp_path / "file") is None
    assert hindrance(tmp_path / "to" / "be" / "made.jsonl") is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    assert f"{folder}: Permission denied" in (hindrance(folder / "a.jsonl") or "")
