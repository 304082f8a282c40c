"""Downloads: whole, broken, resumed, changed, wrong, refused, and never over another file."""

import hashlib
import shutil
from collections import namedtuple
from http.client import HTTPMessage
from urllib.request import Request

import numpy as np
import pytest
from file_server import serving

from genre_core.data.public import downloads, web
from genre_core.data.public.datasets import PublicFile
from genre_core.data.public.downloads import download
from genre_core.errors import DataError

CONTENT = np.random.default_rng(0).bytes(100_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
CHECKSUM = f"sha256:{DIGEST}"


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(downloads, "WAITS", (0.0, 0.0, 0.0))
    with serving() as server:
        server.files["films.bin"] = CONTENT
        yield server


@pytest.fixture
def source(server):
    """Return a function that makes what is known of the file."""

    def make(checksum="", name="films.bin", n_bytes=None):
        return PublicFile(server.url(name), checksum, n_bytes)

    return make


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def break_off(server, source, folder, after=40_000):
    """Leave a part, as after a break that outlasted every further try."""
    server.breaks = [after] + [0] * len(downloads.WAITS)
    with pytest.raises(DataError, match="resumes") as raised:
        download(source, folder)
    assert (folder / "films.bin.part").stat().st_size == after
    server.requests.clear()
    return str(raised.value)


def ranges(server):
    return [request.get("Range") for request in server.requests]


def test_a_whole_download_gets_its_name_and_a_checksum_for_sha256sum(source, tmp_path):
    seen = []
    received = download(source(), tmp_path / "new", lambda *state: seen.append(state))
    assert received.path.read_bytes() == CONTENT
    assert (received.sha256, received.is_new, received.is_verified) == (DIGEST, True, False)
    assert names(tmp_path / "new") == ["films.bin", "films.bin.sha256"]
    assert (tmp_path / "new/films.bin.sha256").read_text() == f"{DIGEST}  films.bin\n"
    assert seen[0] == (0, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))


@pytest.mark.parametrize("algorithm", ["sha256", "sha1", "md5"])
def test_a_published_checksum_of_each_kind_is_verified(source, tmp_path, algorithm):
    digest = hashlib.new(algorithm, CONTENT).hexdigest()
    assert download(source(f"{algorithm}:{digest}"), tmp_path).is_verified


def test_a_download_that_breaks_is_resumed_at_once_with_a_range(server, source, tmp_path):
    server.breaks = [40_000, 0, 20_000]
    assert download(source(CHECKSUM), tmp_path).path.read_bytes() == CONTENT
    assert ranges(server) == [None, "bytes=40000-", "bytes=40000-", "bytes=60000-"]
    assert names(tmp_path) == ["films.bin", "films.bin.sha256"]


def test_a_later_start_resumes_what_was_received(server, source, tmp_path):
    message = break_off(server, source(), tmp_path)
    assert "40,000 bytes" in message
    assert "films.bin.part" in message
    assert not (tmp_path / "films.bin").exists()
    assert download(source(), tmp_path).sha256 == DIGEST
    assert ranges(server) == ["bytes=40000-"]


def test_an_interruption_keeps_what_was_received(server, source, tmp_path):
    def stop(done, _total):
        if done:
            raise KeyboardInterrupt

    server.breaks = [40_000]
    with pytest.raises(KeyboardInterrupt):
        download(source(), tmp_path, stop)
    size = (tmp_path / "films.bin.part").stat().st_size
    server.breaks = []
    assert 0 < size <= 40_000
    assert download(source(), tmp_path).sha256 == DIGEST
    assert ranges(server) == [None, f"bytes={size}-"]


def test_a_server_without_ranges_sends_the_whole_file_again(server, source, tmp_path):
    server.has_ranges, server.breaks = False, [40_000]
    assert download(source(), tmp_path).path.read_bytes() == CONTENT
    assert ranges(server) == [None, "bytes=40000-"]


@pytest.mark.parametrize("has_ranges", [True, False])
def test_a_break_is_noticed_without_a_length(server, source, tmp_path, has_ranges):
    server.is_chunked, server.has_ranges, server.breaks = True, has_ranges, [40_000]
    assert download(source(), tmp_path).path.read_bytes() == CONTENT


def test_without_a_tag_or_a_date_nothing_is_resumed(server, source, tmp_path):
    server.etag, server.breaks = "", [40_000]
    assert download(source(), tmp_path).path.read_bytes() == CONTENT
    assert ranges(server) == [None, None]


@pytest.mark.parametrize("size", [30_000, 40_000, 80_000])
def test_a_file_that_changed_between_two_tries_is_downloaded_anew(server, source, tmp_path, size):
    break_off(server, source(), tmp_path)
    server.files["films.bin"], server.etag = CONTENT[::-1][:size], '"2"'
    assert download(source(), tmp_path).path.read_bytes() == CONTENT[::-1][:size]


def test_a_file_that_became_shorter_under_the_same_tag_is_downloaded_anew(server, source, tmp_path):
    break_off(server, source(), tmp_path)
    server.files["films.bin"] = CONTENT[:30_000]
    assert download(source(), tmp_path).path.read_bytes() == CONTENT[:30_000]
    assert ranges(server) == ["bytes=40000-", None]


def test_a_part_of_another_address_is_not_resumed(server, source, tmp_path):
    break_off(server, source(), tmp_path)
    server.files["newer/films.bin"] = CONTENT[::-1]
    received = download(source(name="newer/films.bin"), tmp_path)
    assert received.path.read_bytes() == CONTENT[::-1]
    assert ranges(server) == [None]


def test_a_wrong_checksum_names_both_and_the_way_out_works(server, source, tmp_path):
    wrong = "sha256:" + "0" * 64
    for _ in range(2):  # the second one downloads nothing
        with pytest.raises(DataError, match="accept it with --sha256") as raised:
            download(source(wrong), tmp_path)
        assert wrong in str(raised.value)
        assert DIGEST in str(raised.value)
        assert not (tmp_path / "films.bin").exists()
    assert download(source(CHECKSUM), tmp_path).is_verified
    assert len(server.requests) == 1


def test_a_wrong_file_can_be_removed_and_downloaded_again(server, source, tmp_path):
    server.files["films.bin"] = b"damaged"
    with pytest.raises(DataError, match="Remove that file"):
        download(source(CHECKSUM), tmp_path)
    server.files["films.bin"] = CONTENT
    (tmp_path / "films.bin.part").unlink()
    assert download(source(CHECKSUM), tmp_path).path.read_bytes() == CONTENT


def test_another_size_than_published_is_noticed_before_the_download(source, tmp_path):
    with pytest.raises(DataError, match=r"has 100,000 bytes now. Expected 7"):
        download(source(CHECKSUM, n_bytes=7), tmp_path)
    assert names(tmp_path) == []


def test_a_missing_file_is_an_error_at_once_and_leaves_nothing(server, source, tmp_path):
    with pytest.raises(DataError, match="answered 404"):
        download(source(name="gone.bin"), tmp_path)
    assert len(server.requests) == 1
    assert names(tmp_path) == []


def test_a_server_that_is_busy_is_asked_again(server, source, tmp_path):
    server.statuses = [503, 429]
    assert download(source(), tmp_path).sha256 == DIGEST


def test_an_unreachable_server_is_an_error_that_says_why(server, source, tmp_path):
    unreachable = source()
    server.shutdown()
    server.server_close()
    with pytest.raises(DataError, match=r"cannot be downloaded: .*[Rr]efused.*Check the conn"):
        download(unreachable, tmp_path)
    assert names(tmp_path) == []


def test_a_file_that_is_there_is_not_downloaded_again(server, source, tmp_path):
    download(source(), tmp_path)
    assert download(source(), tmp_path).is_new is False  # by the recorded checksum
    assert download(source(CHECKSUM), tmp_path).is_verified
    assert len(server.requests) == 1


@pytest.mark.parametrize("checksum", [CHECKSUM, ""])
def test_another_file_of_that_name_is_never_overwritten(server, source, tmp_path, checksum):
    (tmp_path / "films.bin").write_text("mine")
    with pytest.raises(DataError, match="exists already and is not overwritten"):
        download(source(checksum), tmp_path)
    assert (tmp_path / "films.bin").read_text() == "mine"
    assert not server.requests


def test_a_file_that_appears_meanwhile_is_not_overwritten(source, tmp_path):
    def appear(_done, _total):
        (tmp_path / "films.bin").write_text("mine")

    with pytest.raises(DataError, match="appeared during the download"):
        download(source(), tmp_path, appear)
    assert (tmp_path / "films.bin").read_text() == "mine"


def test_two_downloads_of_one_file_do_not_mix(source, tmp_path):
    def again(_done, _total):
        with pytest.raises(DataError, match="another process"):
            download(source(), tmp_path)

    assert download(source(), tmp_path, again).path.read_bytes() == CONTENT


def test_too_little_room_is_noticed_before_the_download(source, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**6, 10**6, 1000))
    with pytest.raises(DataError, match="has room for 1,000 bytes"):
        download(source(), tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/a", "films.zip"])
def test_other_addresses_than_those_of_the_web_are_refused(tmp_path, url):
    with pytest.raises(DataError, match="Expected http or https"):
        download(PublicFile(url), tmp_path)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/films.bin"])
def test_a_redirect_elsewhere_than_the_web_is_not_followed(server, source, tmp_path, target):
    server.redirects["moved.bin"] = target
    with pytest.raises(DataError, match=r"redirect|Redirect"):
        download(source(name="moved.bin"), tmp_path)
    assert names(tmp_path) == []


def test_a_redirect_from_https_to_http_is_not_followed():
    request = Request("https://example.org/films.bin")
    headers = HTTPMessage()
    with pytest.raises(DataError, match="Expected an https address"):
        web._Redirects().redirect_request(request, None, 302, "", headers, "http://example.org/")


def test_a_redirect_within_the_web_is_followed_with_its_range(server, source, tmp_path):
    server.redirects["moved/films.bin"] = server.url("films.bin")
    server.breaks = [40_000]
    assert download(source(name="moved/films.bin"), tmp_path).sha256 == DIGEST
    assert ranges(server) == [None, None, "bytes=40000-", "bytes=40000-"]
