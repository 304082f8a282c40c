"""Score overviews with an exported network: `python predict.py films.csv --out scores.csv`."""

from genre_core.models.overview.prepare import Preparation, read_films
from genre_core.models.program import main

if __name__ == "__main__":
    main(read_films, Preparation, "CSV files with Id and Overview, or folders with one each")
