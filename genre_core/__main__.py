"""`python -m genre_core`."""

from genre_core.commands.main import main

if __name__ == "__main__":
    main()
