constat dump nowhere/file.gz
