"""Public datasets of films that can be read: where they are to be had, and on which terms."""

from __future__ import annotations

from dataclasses import dataclass

from genre_core.errors import DataError, nearest


@dataclass(frozen=True)
class Remote:
    """A file behind a plain address.

    Attributes:
        url: its address.
        name: what it is called here.
        sha256: of its content, in hexadecimal digits; empty if none is published.
        size: roughly, for people; empty if it is not known.
    """

    url: str
    name: str
    sha256: str = ""
    size: str = ""


@dataclass(frozen=True)
class PublicDataset:
    """A dataset that somebody else publishes.

    Attributes:
        name: key on the command line.
        films: how many films it has, and what of them.
        homepage: where it is described.
        terms: what its publisher says on its use.
        files: what can be downloaded without an account; none for the others.
        how: how it is to be had where there is no plain address; else what is to be known of it.
    """

    name: str
    films: str
    homepage: str
    terms: str
    files: tuple[Remote, ...] = ()
    how: str = ""


KAGGLE = "Download it there with a free account, and unpack the ZIP into the folder."
DATASETS: tuple[PublicDataset, ...] = (
    PublicDataset(
        "multimodal-imdb",
        "6,325 films with posters and short overviews, 25 genre columns; the coursework dataset",
        "https://github.com/giridharreddygoddilla/Multimodal-IMDB-Analysis-with-Keras",
        "no licence is stated; posters and texts belong to their owners",
        (
            Remote(
                "https://github.com/giridharreddygoddilla/"
                "Multimodal-IMDB-Analysis-with-Keras/archive/HEAD.zip",
                "multimodal-imdb.zip",
                size="190 MB",
            ),
        ),
        "GitHub makes the archive when it is asked for, so it has no checksum.",
    ),
    PublicDataset(
        "mm-imdb",
        "25,959 films with posters and long plots, 23 genres used by its authors, with their split",
        "https://github.com/johnarevalo/gmu-mmimdb",
        "for research; posters and texts belong to their owners",
        (
            Remote(
                "https://archive.org/download/mmimdb/mmimdb.tar.gz", "mmimdb.tar.gz", size="8.1 GB"
            ),
        ),
    ),
    PublicDataset(
        "imdb",
        "every title of IMDb with its genres, without overviews and posters",
        "https://developer.imdb.com/non-commercial-datasets/",
        "personal and non-commercial use",
        (
            Remote(
                "https://datasets.imdbws.com/title.basics.tsv.gz",
                "title.basics.tsv.gz",
                size="200 MB",
            ),
        ),
        "It changes daily, so it has no checksum. Put posters called by IMDb ids beside it.",
    ),
    PublicDataset(
        "kaggle-posters",
        "some 40,000 films with genres and addresses of posters, without overviews",
        "https://www.kaggle.com/datasets/neha1703/movie-genre-from-its-poster",
        "as stated on its page at Kaggle",
        how=KAGGLE,
    ),
    PublicDataset(
        "tmdb-5000",
        "4,803 films with overviews and genres, without posters",
        "https://www.kaggle.com/datasets/tmdb/tmdb-movie-metadata",
        "as stated on its page at Kaggle; the terms of TMDB",
        how=KAGGLE,
    ),
    PublicDataset(
        "movies-dataset",
        "some 45,000 films with overviews and genres, without posters",
        "https://www.kaggle.com/datasets/rounakbanik/the-movies-dataset",
        "as stated on its page at Kaggle; the terms of TMDB",
        how=KAGGLE,
    ),
)


def public_dataset(name: str) -> PublicDataset:
    """Return a dataset by its name.

    Raises:
        DataError: there is none of that name.
    """
    found = {one.name: one for one in DATASETS}
    if name not in found:
        raise DataError(
            f"There is no public dataset '{name}'.{nearest(name, found)} Known: {', '.join(found)}."
        )
    return found[name]
