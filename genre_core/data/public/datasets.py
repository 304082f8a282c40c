"""Public datasets of films: what they are, their licence, and where they are to be had.

Every line states what the source that it names publishes. Where no size or checksum is published,
none stands here. A further dataset is one more entry of `DATASETS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from genre_core.errors import DataError, nearest

KAGGLE = "Sign in at kaggle.com and download it there, or with Kaggle's own program: "
NO_LICENCE = "None stated; posters and texts belong to their owners."


@dataclass(frozen=True)
class PublicFile:
    """A file with an address that needs no login.

    Attributes:
        url: its address.
        checksum: what is published, as `sha256:HEX`, `sha1:HEX` or `md5:HEX`; empty if nothing is.
        n_bytes: its size; None if none is published.
        saved_as: name for the file; by default the last part of the address.
    """

    url: str
    checksum: str = ""
    n_bytes: int | None = None
    saved_as: str = ""

    @property
    def name(self) -> str:
        """Return the name under which the file is kept."""
        return self.saved_as or urlsplit(self.url).path.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class PublicDataset:
    """A dataset that anybody may ask for.

    Attributes:
        key: its name at the command line; never changes.
        title: its name for people.
        n_films: number of films; None if it is not fixed or not published.
        modalities: what a film has beside genres: "poster", "overview", both or neither.
        about: what it is, in a sentence.
        homepage: address of a page about it.
        terms: its licence or terms of use, in plain words.
        how: how to get it where there is no plain address, or what to do with it afterwards.
        files: what can be downloaded.
        folder: where the films are below the folder of the downloads.
    """

    key: str
    title: str
    n_films: int | None
    modalities: tuple[str, ...]
    about: str
    homepage: str
    terms: str
    how: str = ""
    files: tuple[PublicFile, ...] = ()
    folder: str = "."


DATASETS = (
    PublicDataset(
        key="mm-imdb",
        title="MM-IMDb",
        n_films=25959,
        modalities=("poster", "overview"),
        about="Films of MovieLens 20M with posters, plots and 23 genres, and the split of Arevalo "
        "et al. 2017; about 8.1 GB.",
        homepage="https://github.com/johnarevalo/gmu-mmimdb",
        terms=NO_LICENCE,
        files=(PublicFile("https://archive.org/download/mmimdb/mmimdb.tar.gz"),),
        folder="mmimdb",
    ),
    PublicDataset(
        key="multimodal-imdb",
        title="Multimodal IMDB",
        n_films=6325,
        modalities=("poster", "overview"),
        about="Teaching dataset of films from 1980 to 2015 with short overviews and posters that "
        "go back to Chu and Guo 2017; about 190 MB.",
        homepage="https://github.com/giridharreddygoddilla/Multimodal-IMDB-Analysis-with-Keras",
        terms=NO_LICENCE,
        files=(
            PublicFile(
                "https://github.com/giridharreddygoddilla/Multimodal-IMDB-Analysis-with-Keras/"
                "archive/2039d7f597bad607a61f4ac3eb90378d23494da1.zip",
                saved_as="multimodal-imdb.zip",
            ),
        ),
        folder="multimodal-imdb/Multimodal_IMDB_dataset",
    ),
    PublicDataset(
        key="imdb-titles",
        title="IMDb non-commercial datasets: title.basics",
        n_films=None,
        modalities=(),
        about="Title, year and up to three genres of every title of IMDb; changes daily, so no "
        "checksum is published.",
        homepage="https://developer.imdb.com/non-commercial-datasets/",
        terms="Personal and non-commercial use, under IMDb's terms.",
        how="It has neither posters nor overviews. Use it to look up the genres of films that you "
        "have (column tconst).",
        files=(PublicFile("https://datasets.imdbws.com/title.basics.tsv.gz"),),
    ),
    PublicDataset(
        key="movielens-25m",
        title="MovieLens 25M",
        n_films=None,
        modalities=(),
        about="Ratings, titles and genres; links.csv names each film's id at IMDb and TMDB.",
        homepage="https://grouplens.org/datasets/movielens/25m/",
        terms="See the README in the archive; research use with a citation in other releases.",
        how="It has neither posters nor overviews. Use movies.csv to look up the genres of films "
        "that you have.",
        files=(
            PublicFile(
                "https://files.grouplens.org/datasets/movielens/ml-25m.zip",
                "sha256:8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa",
                261_978_986,
            ),
        ),
    ),
    PublicDataset(
        key="movie-genre-from-its-poster",
        title="Movie Genre from its Poster",
        n_films=None,
        modalities=("poster",),
        about="A table (MovieGenre.csv) with title, genres and the address of a poster at IMDb.",
        homepage="https://www.kaggle.com/datasets/neha1703/movie-genre-from-its-poster",
        terms="As stated on its Kaggle page.",
        how=KAGGLE + "kaggle datasets download neha1703/movie-genre-from-its-poster --unzip. The "
        "posters have to be downloaded from the addresses in the table.",
    ),
    PublicDataset(
        key="tmdb-5000",
        title="TMDB 5000 Movie Dataset",
        n_films=4803,
        modalities=("overview",),
        about="A table (tmdb_5000_movies.csv) of The Movie Database with overviews and genres.",
        homepage="https://www.kaggle.com/datasets/tmdb/tmdb-movie-metadata",
        terms="As stated on its Kaggle page; made with the API of TMDB, which does not endorse it.",
        how=KAGGLE + "kaggle datasets download tmdb/tmdb-movie-metadata --unzip",
    ),
    PublicDataset(
        key="the-movies-dataset",
        title="The Movies Dataset",
        n_films=45000,
        modalities=("overview",),
        about="A table (movies_metadata.csv) of films released until July 2017, about 45,000, with "
        "overviews, genres and paths of posters at TMDB.",
        homepage="https://www.kaggle.com/datasets/rounakbanik/the-movies-dataset",
        terms="As stated on its Kaggle page.",
        how=KAGGLE + "kaggle datasets download rounakbanik/the-movies-dataset --unzip",
    ),
    PublicDataset(
        key="wikipedia-movie-plots",
        title="Wikipedia Movie Plots",
        n_films=34886,
        modalities=("overview",),
        about="A table (wiki_movie_plots_deduped.csv) with plots and genres.",
        homepage="https://www.kaggle.com/datasets/jrobischon/wikipedia-movie-plots",
        terms="As stated on its Kaggle page.",
        how=KAGGLE + "kaggle datasets download jrobischon/wikipedia-movie-plots --unzip",
    ),
    PublicDataset(
        key="movie-posters-100k",
        title="movie_posters-100k",
        n_films=95300,
        modalities=("poster", "overview"),
        about="Parquet files with posters, overviews and genres of The Movie Database; 43 GB.",
        homepage="https://huggingface.co/datasets/skvarre/movie_posters-100k",
        terms=NO_LICENCE,
        how="Download its folder data/ from the page, or with Hugging Face's own program: hf "
        "download skvarre/movie_posters-100k --repo-type dataset",
    ),
)


def find_dataset(name: str) -> PublicDataset:
    """Return a public dataset by its key.

    Raises:
        DataError: there is none with this key.
    """
    by_key = {dataset.key: dataset for dataset in DATASETS}
    if name.lower() not in by_key:
        raise DataError(
            f"There is no public dataset '{name}' here.{nearest(name.lower(), by_key)} Expected "
            f"one of: {', '.join(by_key)}."
        )
    return by_key[name.lower()]


def with_sha256(files: Iterable[PublicFile], sha256: str) -> tuple[PublicFile, ...]:
    """Return the only file of a dataset with another checksum, of whatever size.

    Raises:
        DataError: there are several files, or it is no SHA-256.
    """
    given = tuple(files)
    if len(given) != 1:
        raise DataError(
            f"--sha256 is about one file, and this dataset has {len(given)} files with a plain "
            "address. Leave it out."
        )
    wanted = sha256.strip().lower()
    if len(wanted) != 64 or not set(wanted) <= set("0123456789abcdef"):
        raise DataError(
            f"'{sha256}' is no SHA-256. Expected 64 hexadecimal digits, as sha256sum prints them."
        )
    return (replace(given[0], checksum=f"sha256:{wanted}", n_bytes=None),)
