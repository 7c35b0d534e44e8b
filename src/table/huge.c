/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A huge page must start at a multiple of its size, which mmap() does not promise: one more is
 * mapped than is needed and the ends are given back. The address sanitizer sees nothing of
 * mapped memory: for it everything comes from calloc().
 */
#include "table/huge.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif

#ifdef SANITIZED

void *huge_alloc(size_t size, bool huge)
{
	(void)huge;
	return calloc(1, size);
}

void huge_free(void *area, size_t size)
{
	(void)size;
	free(area);
}

#else

static size_t huge_round(size_t size)
{
	return (size + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
}

void *huge_alloc(size_t size, bool huge)
{
	size_t whole = huge_round(size), before;
	uint8_t *area;

	if (whole < size || whole > PTRDIFF_MAX - HUGE_PAGE)
		return NULL;
	area = mmap(NULL, whole + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
	if (area == MAP_FAILED)
		return NULL;
	before = -(uintptr_t)area & (HUGE_PAGE - 1);
	if (before)
		munmap(area, before);
	munmap(area + before + whole, HUGE_PAGE - before);
	if (huge)
		(void)madvise(area + before, whole, MADV_HUGEPAGE);
	return area + before;
}

void huge_free(void *area, size_t size)
{
	if (area)
		munmap(area, huge_round(size));
}

#endif
