# The sandbox is the kernel's.
constat --version | sed 's/^sandbox: .*[a-z()0-9]$/sandbox: KERNEL/'
