"""The section on leakage: what was found, as posters, a table and its effect on the chosen runs."""

import numpy as np
import pytest
from test_pages import said
from tiny_artifacts import film_id, make_run

from genre_core.data import leakage as data_leakage
from genre_core.data.leakage import Leakage, leakage_path
from genre_core.data.leakage_groups import Group
from genre_core.data.leakage_names import SharedName
from genre_core.runs.folder import find_run
from genre_core.ui.parts import leakage

TRAIN, VALIDATION, TEST = film_id(0), film_id(14), film_id(19)
FOUND = Leakage(
    overviews=(Group((TRAIN, VALIDATION), ("train", "validation"), 0.9),),
    posters=(Group((TRAIN, TEST), ("train", "test"), 0.95),),
    names=(SharedName(film_id(20), "test", "Sherlock <b>Holmes</b>", (TRAIN,), 2),),
)


def keep(found, artifacts, dataset):
    data_leakage.keep(dataset, artifacts, found)


def tables(app):
    """The tables of the section by a column that each has."""
    frames = [element.value for element in app.dataframe]
    return {name: frame for name in ("Kind", "± SD") for frame in frames if name in frame.columns}


def test_findings_are_shown_with_posters_table_and_effect(artifacts, dataset, open_page):
    keep(FOUND, artifacts, dataset)
    run = find_run(artifacts, make_run(artifacts, dataset, "prior").name)
    app = open_page("class_imbalance", poster=run.id)
    words = said(app)
    assert "1 group of near-duplicate overviews and 1 group of near-duplicate posters" in words
    assert "**1** of 5 test films and **0** of 5 validation films share a rare name" in words
    assert f"{TRAIN}\ntraining" in words
    assert f"{TEST}\ntest" in words
    findings = tables(app)["Kind"]
    assert list(findings["Kind"]) == ["Overview", "Poster", "Name"]
    assert findings["Films"][1] == f"{TRAIN}, {TEST}"
    assert findings["Splits"][1] == "training, test"
    effect = tables(app)["± SD"]
    assert effect["mAP, all test films"].notna().all()
    assert "mAP without 2 flagged films" in effect.columns
    assert "mAP without 2 random films" in effect.columns


def test_without_a_run_the_findings_are_there_and_no_effect(artifacts, dataset, open_page):
    keep(FOUND, artifacts, dataset)
    found = tables(open_page("class_imbalance"))
    assert "Kind" in found
    assert "± SD" not in found


def test_it_is_computed_where_it_is_not_kept(artifacts, dataset, open_page):
    path = leakage_path(dataset, artifacts)
    assert "of near-duplicate overviews" in said(open_page("class_imbalance"))
    assert path.is_file()
    path.write_text("damaged")
    assert "of near-duplicate overviews" in said(open_page("class_imbalance"))
    assert path.read_text() != "damaged"


def test_nothing_found_is_said_without_tables(artifacts, dataset, open_page):
    keep(Leakage((), (), ()), artifacts, dataset)
    app = open_page("class_imbalance")
    assert "0 groups of near-duplicate overviews and 0 groups of near-duplicate" in said(app)
    assert tables(app) == {}


def test_a_large_dataset_waits_for_someone_to_ask(artifacts, dataset, open_page, monkeypatch):
    monkeypatch.setattr(leakage, "QUICK", 10)
    app = open_page("class_imbalance")
    assert "Not checked yet" in said(app)
    assert not leakage_path(dataset, artifacts).exists()
    app.button("check_leakage").click().run()
    assert not app.exception
    assert "Not checked yet" not in said(app)
    assert leakage_path(dataset, artifacts).exists()


def test_posters_that_are_gone_fail_nothing(artifacts, dataset, open_page):
    for path in (artifacts.posters).iterdir():
        path.unlink()
    dataset.source.rename(dataset.source.with_name("elsewhere"))
    assert "Posters were not compared" in said(open_page("class_imbalance"))


def test_where_all_test_films_are_flagged_the_page_says_so(artifacts, dataset, open_page):
    names = [SharedName(film_id(n), "test", "Jack Ryan", (TRAIN,), 6) for n in range(19, 24)]
    keep(Leakage((), (), tuple(names)), artifacts, dataset)
    run = make_run(artifacts, dataset, "prior").name
    app = open_page("class_imbalance", poster=run)
    assert "All 5 films are flagged" in said(app)


@pytest.mark.parametrize("damage", ["{}", '{"format": 1}', "[1]", "\0"])
def test_a_damaged_file_is_no_problem_of_the_page(artifacts, dataset, open_page, damage):
    leakage_path(dataset, artifacts).write_text(damage)
    assert "of near-duplicate overviews" in said(open_page("class_imbalance"))


def test_only_the_first_groups_and_posters_are_drawn(artifacts, dataset, open_page, monkeypatch):
    pairs = [Group((film_id(n), film_id(n + 14)), ("train", "validation"), 0.95) for n in range(5)]
    keep(Leakage((), tuple(pairs), ()), artifacts, dataset)
    monkeypatch.setattr(leakage, "N_GROUPS", 2)
    assert "3 more groups in the table" in said(open_page("class_imbalance"))


def test_settings_are_part_of_what_is_kept(artifacts, dataset, monkeypatch):
    keep(FOUND, artifacts, dataset)
    assert leakage.found(dataset, artifacts) == FOUND
    monkeypatch.setitem(data_leakage.SETTINGS, "name_most_films", np.inf)
    assert data_leakage.kept_leakage(dataset, artifacts) is None
