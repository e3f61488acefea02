"""Cold starts in R, and sizes of what ships: `make bench`."""

from benchmarks import cold_start, sizes
from local.build import build


def main() -> None:
    built = build()
    cold_start.show(built)
    sizes.show(built)


if __name__ == "__main__":
    main()
