"""Files that appear whole or not at all."""

import errno
from pathlib import Path

import pytest

from stickgen.core.errors import OutputError
from stickgen.core.storage import atomic_path


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def write(path, data=b"half", error=None, **options):
    """Write *data* to *path*, and raise *error* before the end."""
    with atomic_path(path, **options) as temporary:
        temporary.write_bytes(data)
        if error is not None:
            raise error


def test_the_file_appears_at_the_end_only(tmp_path):
    final = tmp_path / "deep" / "er" / "walk.mp4"
    with atomic_path(final) as temporary:
        assert temporary.parent == final.parent
        assert temporary.suffix == ".mp4"
        assert not temporary.exists()
        temporary.write_bytes(b"film")
        assert not final.exists()
    assert final.read_bytes() == b"film"
    assert names(final.parent) == ["walk.mp4"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_after_a_failure(tmp_path, error):
    with pytest.raises(error):
        write(tmp_path / "new" / "a.gif", error=error())
    assert names(tmp_path) == []


def test_a_failure_leaves_the_old_file_and_its_folder(tmp_path):
    final = tmp_path / "a.gif"
    final.write_bytes(b"old")
    with pytest.raises(ValueError, match="oh"):
        write(final, error=ValueError("oh"), force=True)
    assert final.read_bytes() == b"old"
    assert names(tmp_path) == ["a.gif"]


def test_an_output_is_not_overwritten_unless_asked(tmp_path):
    final = tmp_path / "a.gif"
    final.write_bytes(b"old")
    with (
        pytest.raises(OutputError, match=r"a\.gif exists already; give --force to overwrite it"),
        atomic_path(final),
    ):
        pytest.fail("the block must not run")
    with atomic_path(final, force=True) as temporary:
        temporary.write_bytes(b"new")
    assert final.read_bytes() == b"new"


def test_a_folder_a_device_and_a_nameless_path_are_no_outputs(tmp_path):
    with pytest.raises(OutputError, match="is a folder"), atomic_path(tmp_path, force=True):
        pass
    with pytest.raises(OutputError, match="is not the name of a file"), atomic_path("/"):
        pass
    with pytest.raises(OutputError, match="it holds a null character"):
        atomic_path(tmp_path / "a\0b").__enter__()
    if Path("/dev/null").exists():
        with pytest.raises(OutputError, match="is a device"), atomic_path("/dev/null", force=True):
            pass


def test_a_place_that_cannot_be_written_is_known_before_the_work(tmp_path):
    (tmp_path / "file").write_text("x")
    for place in ("file/a.gif", "file/deeper/a.gif", "n" * 300 + ".gif"):
        with (
            pytest.raises(OutputError, match="cannot be written: "),
            atomic_path(tmp_path / place),
        ):
            pytest.fail("the block must not run")
    assert names(tmp_path) == ["file"]


def test_a_read_only_folder_is_known_before_the_work(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("stickgen.core.storage.atomic.os.open", refuse)
    with pytest.raises(OutputError, match=r"a\.gif cannot be written: permission denied; choose"):
        atomic_path(tmp_path / "sub" / "a.gif").__enter__()
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_made_leaves_none_of_its_parents(tmp_path, monkeypatch):
    real = type(tmp_path).mkdir

    def mkdir(self, *args, **kwargs):
        if self.name == "inner":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(type(tmp_path), "mkdir", mkdir)
    with pytest.raises(OutputError, match="permission denied"):
        atomic_path(tmp_path / "outer" / "inner" / "a.gif").__enter__()
    assert names(tmp_path) == []


def test_a_full_disk_is_an_output_error_and_other_trouble_is_not(tmp_path):
    with pytest.raises(OutputError, match="no space left"):
        write(tmp_path / "a.gif", error=OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "a.gif", error=FileNotFoundError(errno.ENOENT, "an input is gone"))
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["a.gif", "a_%04d.png"])
def test_a_block_that_writes_nothing_is_not_a_success(tmp_path, name):
    nothing = pytest.raises(OutputError, match="its exporter produced no file")
    with nothing, atomic_path(tmp_path / name):
        pass
    assert names(tmp_path) == []


def test_a_final_rename_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def refuse(self, target):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "replace", refuse)
    with pytest.raises(OutputError, match="permission denied"):
        write(tmp_path / "a.gif")
    assert names(tmp_path) == []


def test_a_link_is_written_through(tmp_path):
    real, link = tmp_path / "real.gif", tmp_path / "link.gif"
    real.write_bytes(b"old")
    link.symlink_to(real)
    with pytest.raises(OutputError, match="exists already"), atomic_path(link):
        pass
    with atomic_path(link, force=True) as temporary:
        temporary.write_bytes(b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_sequence_arrives_as_a_whole(tmp_path):
    pattern = tmp_path / "out" / "frame_%04d.png"

    def film(n, **options):
        with atomic_path(pattern, **options) as temporary:
            assert temporary.name == pattern.name
            for i in range(n):
                (temporary.parent / (temporary.name % i)).write_text(str(n))
            assert not (pattern.parent / "frame_0000.png").exists() or options

    film(3)
    assert names(pattern.parent) == [f"frame_000{i}.png" for i in range(3)]
    (pattern.parent / "frame_last.png").write_text("mine")
    with pytest.raises(OutputError, match=r"frame_0000\.png exists already; give --force"):
        film(2)
    film(2, force=True)
    assert names(pattern.parent) == ["frame_0000.png", "frame_0001.png", "frame_last.png"]
    assert (pattern.parent / "frame_0001.png").read_text() == "2"


def test_a_sequence_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "s" / "%d.png", error=KeyboardInterrupt())
    assert names(tmp_path) == []
