constat simulate --list
