"""Public datasets, downloaded from a server of the tests: broken, changed, wrong and whole."""

import hashlib
import http.server
import io
import json
import tarfile
import threading
import zipfile
from collections import namedtuple

import pytest
from click.testing import CliRunner

from genre_core.artifacts import Artifacts
from genre_core.commands.main import cli
from genre_core.data import downloads, public_datasets
from genre_core.data.downloads import download, unpack
from genre_core.data.public_datasets import DATASETS, PublicDataset, Remote
from genre_core.errors import DataError

CONTENT = bytes(range(256)) * 4000


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves what the server has; may break off, and may know no ranges."""

    protocol_version = "HTTP/1.0"

    def do_GET(self):
        server = self.server
        server.ranges.append(self.headers.get("Range"))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
            return
        if self.path not in server.files:
            self.send_error(404)
            return
        content = server.files[self.path]
        start = self._start(content) if server.has_ranges else 0
        if start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("ETag", tag(content))
        self.end_headers()
        n_bytes = server.breaks.pop() if server.breaks else len(content)
        self.wfile.write(content[start : start + n_bytes])

    def _start(self, content):
        asked, version = self.headers.get("Range"), self.headers.get("If-Range")
        same = version in (None, tag(content))
        return int(asked.removeprefix("bytes=").rstrip("-")) if asked and same else 0

    def log_message(self, *_):
        pass


def tag(content):
    return f'"{hashlib.md5(content).hexdigest()}"'


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(downloads, "WAIT", 0)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        found.files, found.breaks, found.ranges, found.has_ranges = (
            {"/a.bin": CONTENT},
            [],
            [],
            True,
        )
        thread = threading.Thread(target=found.serve_forever, args=(0.01,))
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture
def remote(server):
    return Remote(address(server, "/a.bin"), "a.bin", sha256=digest(CONTENT))


def address(server, path):
    return f"http://127.0.0.1:{server.server_port}{path}"


def digest(content):
    return hashlib.sha256(content).hexdigest()


def test_a_file_is_downloaded_once(server, remote, tmp_path):
    steps = []
    path, found = download(remote, tmp_path / "new", lambda *step: steps.append(step))
    assert path.read_bytes() == CONTENT
    assert found == remote.sha256
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert [one.name for one in path.parent.iterdir()] == ["a.bin"]
    download(remote, tmp_path / "new")
    assert server.ranges == [None]


def test_a_broken_download_goes_on_where_it_broke_off(server, remote, tmp_path):
    server.breaks = [100_000, 300_000]
    path, _ = download(remote, tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=300000-", "bytes=400000-"]


def test_one_that_stays_broken_says_so_and_the_next_call_goes_on(server, remote, tmp_path):
    server.breaks = [1000] * downloads.TRIES
    with pytest.raises(DataError, match=r"tried 4 times.*a.bin.part.*goes on from there"):
        download(remote, tmp_path)
    assert not (tmp_path / "a.bin").exists()
    assert download(remote, tmp_path)[0].read_bytes() == CONTENT
    assert server.ranges[-1] == "bytes=4000-"


def test_a_server_without_ranges_sends_it_whole(server, remote, tmp_path):
    server.breaks, server.has_ranges = [1000], False
    assert download(remote, tmp_path)[0].read_bytes() == CONTENT


def test_a_file_that_changed_meanwhile_begins_anew(server, remote, tmp_path):
    server.breaks = [1000] * downloads.TRIES
    with pytest.raises(DataError):
        download(remote, tmp_path)
    server.files["/a.bin"] = other = CONTENT[::-1]
    path, _ = download(Remote(remote.url, "a.bin"), tmp_path)
    assert path.read_bytes() == other


def test_a_part_that_is_whole_needs_nothing_more(server, remote, tmp_path):
    (tmp_path / "a.bin.part").write_bytes(CONTENT)
    (tmp_path / "a.bin.part.json").write_text(json.dumps({"version": tag(CONTENT)}))
    assert download(remote, tmp_path)[0].read_bytes() == CONTENT


def test_a_wrong_checksum_is_refused_with_a_way_out(server, remote, tmp_path):
    server.files["/a.bin"] = other = CONTENT[::-1]
    with pytest.raises(DataError, match=f"--sha256 {digest(other)}"):
        download(remote, tmp_path)
    assert not (tmp_path / "a.bin").exists()
    assert (tmp_path / "a.bin.rejected").read_bytes() == other


def test_a_file_that_is_there_and_wrong_is_not_taken(remote, tmp_path):
    (tmp_path / "a.bin").write_bytes(b"of someone else")
    with pytest.raises(DataError, match="has another content than expected"):
        download(remote, tmp_path)


def test_what_cannot_be_had(server, tmp_path, monkeypatch):
    with pytest.raises(DataError, match=r"answered with 404 .*homepage"):
        download(Remote(address(server, "/gone"), "a"), tmp_path)
    with pytest.raises(DataError, match="is not allowed"):
        download(Remote(address(server, "/away"), "a"), tmp_path)
    with pytest.raises(DataError, match=r"could not be downloaded .*tried 4 times"):
        download(Remote("http://127.0.0.1:9/a", "a"), tmp_path)
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(downloads.shutil, "disk_usage", lambda _: usage(1000))
    with pytest.raises(DataError, match=r"needs 0\.0 GB, and 0\.0 GB are free"):
        download(Remote(address(server, "/a.bin"), "a"), tmp_path)


def test_archives_are_unpacked_once_and_nowhere_else(tmp_path):
    path = tmp_path / "films.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("inside/a.txt")
        entry.size = 1
        archive.addfile(entry, io.BytesIO(b"a"))
    assert (unpack(path, tmp_path) / "inside" / "a.txt").read_bytes() == b"a"
    path.write_bytes(b"")
    assert unpack(path, tmp_path) == tmp_path / "films"
    evil = tmp_path / "evil.zip"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../../out.txt", "a")
    with pytest.raises(DataError, match="leads outside"):
        unpack(evil, tmp_path)
    outside = tmp_path / "outside.tar"
    with tarfile.open(outside, "w") as archive:
        archive.addfile(tarfile.TarInfo("../out.txt"))
    with pytest.raises(DataError, match="cannot be unpacked"):
        unpack(outside, tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == {
        *("films", "films.tar.gz", "evil.zip", "outside.tar")
    }


@pytest.fixture
def call(tmp_path):
    def run(*arguments):
        words = [*map(str, arguments), "--artifacts", str(Artifacts(tmp_path / "artifacts"))]
        return CliRunner().invoke(cli, words)

    return run


def test_a_dataset_is_downloaded_unpacked_and_read(
    server, films_folder, call, tmp_path, monkeypatch
):
    buffer, folder = io.BytesIO(), films_folder()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, f"repository/films/{path.relative_to(folder)}")
    server.files["/films.zip"] = buffer.getvalue()
    made = PublicDataset(
        *("made-up", "24 films", "http://home.invalid", "none"),
        (Remote(address(server, "/films.zip"), "films.zip"),),
    )
    monkeypatch.setattr(public_datasets, "DATASETS", (*DATASETS, made))
    result = call("fetch", "made-up", tmp_path / "new")
    assert result.exit_code == 0, result.output
    assert "rows: 24 read, 24 used" in result.stdout
    assert "terms: none" in result.stderr
    assert f"SHA-256 {digest(buffer.getvalue())}, not checked" in result.stderr.replace("\n", "")
    wrong = call("fetch", "made-up", tmp_path / "other", "--sha256", "0" * 64)
    assert wrong.exit_code == 1
    assert "has another content than expected" in wrong.stderr


def test_datasets_are_listed_and_those_without_an_address_explained(call, tmp_path):
    listed = call("fetch")
    assert all(one.name in listed.stdout for one in DATASETS)
    said = call("fetch", "tmdb-5000", tmp_path)
    assert said.exit_code == 0
    assert "Download it there with a free account" in said.stderr
    assert "genre_core inspect" in said.stderr
    assert "Did you mean 'mm-imdb'?" in call("fetch", "mmimdb", tmp_path).stderr
    assert "Where to?" in call("fetch", "mm-imdb").stderr
    assert all(one.files or one.how for one in DATASETS)
