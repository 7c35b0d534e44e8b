constat
