"""The dialog that imports runs: what it offers to whom."""

import pytest
import streamlit as st

from genre_core.ui.views import importing


@pytest.mark.parametrize(
    ("address", "hosts", "is_local"),
    [("127.0.0.1", "", True), ("127.0.0.1", "example.org", False), ("0.0.0.0", "", False)],
)
def test_a_path_of_the_server_can_be_named_only_on_its_own_computer(
    monkeypatch, address, hosts, is_local
):
    monkeypatch.setenv("MARQUEE_ALLOWED_HOSTS", hosts)
    monkeypatch.setattr(st, "get_option", lambda name: address)
    assert importing.is_local() == is_local
