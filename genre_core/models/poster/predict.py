"""Score posters with an exported network: `python predict.py posters/ --out scores.csv`."""

from genre_core.models.poster.prepare import Preparation, read_films
from genre_core.models.program import main

if __name__ == "__main__":
    main(read_films, Preparation, "poster files, or folders of posters or with a folder Images")
