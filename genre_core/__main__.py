"""`python -m genre_core`."""

from genre_core.cli import main

if __name__ == "__main__":
    main()
