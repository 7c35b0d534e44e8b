constat --version
