"""`make bench`: measures cold starts and package sizes."""

from benchmarks import cold_start, package_sizes
from local.sam_build import build


def main() -> None:
    built = build()
    cold_start.print_cold_starts(built)
    package_sizes.print_sizes(built)


if __name__ == "__main__":
    main()
