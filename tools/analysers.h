/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Included before every file that clang-tidy and gcc -fanalyzer look at (tools/check-static): what
 * they cannot see because it is in another file. Errors are never 0; room means that there are items.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

#define err_set(err, code, ...)		(err_set((err), (code), __VA_ARGS__), (int)(code))
#define err_system(err, ...)		(err_system((err), __VA_ARGS__), (int)ERR_SYSTEM)
#define err_memory(err)			(err_memory(err), (int)ERR_MEMORY)
#define err_prefix(err, ...)		(err_prefix((err), __VA_ARGS__), -1)

#define buf_add(buf, bytes, size) \
	((buf)->data || buf_grow((buf), (size)) ? buf_add((buf), (bytes), (size)) : (void)0)

#undef VEC_GROW
#define VEC_GROW(items, count, room, err) \
	((count) < (room) && !(items) ? __builtin_unreachable() : (void)0, \
	 vec_grow((void **)&(items), (count), &(room), sizeof(*(items)), (err)))
