constat --help
