"""Cold starts in R, and sizes of what ships: `make bench`."""

from benchmarks import cold_start, package_sizes
from local.sam_build import build


def main() -> None:
    built = build()
    cold_start.show(built)
    package_sizes.show(built)


if __name__ == "__main__":
    main()
