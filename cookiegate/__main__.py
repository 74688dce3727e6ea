"""`python -m cookiegate`."""

from .cli import main

if __name__ == "__main__":
    main()
