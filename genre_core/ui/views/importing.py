"""The dialog that imports runs from elsewhere: what the command `import` takes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from genre_core.artifacts import Artifacts
from genre_core.jobs.answer import answer_of
from genre_core.ui.frame import shell
from genre_core.ui.parts import notices
from genre_core.ui.parts.text import count, literal

ALLOWED_HOSTS = "MARQUEE_ALLOWED_HOSTS"  # as the server reads it
LOOPBACK = ("127.0.0.1", "localhost", "::1")
IMPORTED = "_imported"
LONGEST_NAME = 100  # characters of the name of an uploaded file, its end
MODALITIES = {
    None: "Not known, or as a notebook's layers show",
    "poster": "Posters",
    "overview": "Overviews",
    "both": "Both",
}
SWITCHES = {  # of scores, by option of the command
    "--logits": "Scores are logits",
    "--partial": "Test films may be missing",
    "--in-order": "Rows without ids are in the order of the films",
}
FILES = {  # beside scores, by option of the command
    "--history": "Training history",
    "--ids": "Ids of the rows",
    "--trained-on": "Ids of the training films",
}
HELP = (
    "An executed notebook; a history (CSV, JSON, NPZ); event files of TensorBoard; an MLflow "
    "store; scores of films (CSV, Parquet, NPZ, NPY); or the ZIP of a run."
)


def offer(now: shell.Chosen) -> None:
    """Show the button that opens the dialog, and what the last import made."""
    if st.button("Import", icon=":material/upload:", help=HELP):
        _dialog(now)
    made = st.session_state.pop(IMPORTED, None)
    if made is not None:
        _show(made)


@st.dialog("Import runs", width="medium")
def _dialog(now: shell.Chosen) -> None:
    if now.meta:
        st.caption(
            f"About the films **{literal(shell.dataset_names(now)[now.meta['fingerprint']])}**"
        )
    uploaded = st.file_uploader("File", key="import_file", help=HELP)
    path = ""
    if is_local():
        path = st.text_input(
            "Or a path on this computer", key="import_path", placeholder="File or folder"
        )
    name = st.text_input("Name", key="import_name", placeholder="That of the file")
    modality = st.selectbox(
        "Input of the model", list(MODALITIES), format_func=MODALITIES.__getitem__
    )
    with st.expander("Options for scores"):
        switches = [option for option, label in SWITCHES.items() if st.checkbox(label)]
        beside = {option: st.file_uploader(label) for option, label in FILES.items()}
    if not st.button("Import", key="import_it", type="primary", disabled=not (uploaded or path)):
        return
    words = [*switches, *(["--name", name] if name else [])]
    words += ["--modality", modality] if modality else []
    words += ["--dataset", now.meta["fingerprint"]] if now.meta else []
    with notices.acting(), st.spinner("Importing"):
        made = _import(now.artifacts, uploaded or path, beside, words)
        st.session_state[IMPORTED] = made
        st.session_state["runs"] = [one["run"] for one in made["runs"]]
        st.rerun()


def is_local() -> bool:
    """Return whether the dashboard can be opened on its own computer only, by its only user."""
    return st.get_option("server.address") in LOOPBACK and not os.environ.get(ALLOWED_HOSTS)


def _import(
    artifacts: Artifacts,
    source: UploadedFile | str,
    beside: Mapping[str, UploadedFile | None],
    words: list[str],
) -> dict[str, Any]:
    """Import what was uploaded, or the path that was given, in a process of its own.

    Raises:
        DataError: it cannot be imported.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = {option: file for option, file in beside.items() if file}
        options = [
            word
            for option, file in files.items()
            for word in (option, str(_saved(file, Path(folder) / option.strip("-"))))
        ]
        path = source if isinstance(source, str) else str(_saved(source, Path(folder)))
        made: dict[str, Any] = answer_of(
            artifacts, ["import", str(Path(path).expanduser().resolve()), *options, *words]
        )
    return made


def _saved(file: UploadedFile, folder: Path) -> Path:
    """Write an uploaded file to a folder, under the end of its own name; return its path."""
    folder.mkdir(exist_ok=True)
    path = folder / (Path(file.name).name[-LONGEST_NAME:].lstrip(".") or "file")
    path.write_bytes(file.getbuffer())
    return path


def _show(made: Mapping[str, Any]) -> None:
    """Say what was imported, what is to be asked of it, and what was left out."""
    names = ", ".join(literal(one["label"]) for one in made["runs"])
    n_asked = sum(len(one["findings"]) for one in made["runs"])
    words = f"Imported: {names}."
    if n_asked:
        words += f" {count(n_asked, 'question')} about the training on **Training curves**."
    st.success(words, icon=":material/check_circle:")
    for one in made["runs"]:
        if one["films"] and not one["films"]["test"]:
            st.warning(
                f"{literal(one['label'])} has no scores for test films, so no page judges it.",
                icon=":material/warning:",
            )
    if made["left_out"]:
        st.warning(literal(" ".join(made["left_out"])), icon=":material/warning:")
