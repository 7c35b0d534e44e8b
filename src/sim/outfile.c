/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compression is zlib's and libbz2's, whose bytes are the same on every machine. A file that is to
 * end early is compressed as a whole in memory first: only then is it known where to cut.
 */
#include "sim/outfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bzlib.h>
#include <zlib.h>

#include "base/file.h"

#define FLUSH_AT (512u << 10)

struct outfile {
	struct file *file;
	enum packing packing;
	uint32_t keep;
	struct buf raw;
	struct buf packed;	/* all of it where it will be cut, else a moment's */
	uint64_t written;
	z_stream gzip;
	bz_stream bzip2;
};

int outfile_make_folders(const char *path, struct err *err)
{
	struct buf part = { 0 };
	int rc = 0;

	for (const char *at = path; *at && rc == 0; at++) {
		if (*at == '/' && at > path) {
			buf_char(&part, '\0');
			if (part.failed)
				rc = err_memory(err);
			else if (mkdir(part.data, 0777) != 0 && errno != EEXIST)
				rc = err_system(err, errno, "%s", part.data);
			else
				part.len--;	/* the zero again */
		}
		buf_char(&part, *at);
	}
	buf_free(&part);
	return rc;
}

static int start_packing(struct outfile *file, struct err *err)
{
	int rc = 0;

	/* 16: a gzip header, in which zlib writes no time and no name */
	if (file->packing == PACKING_GZIP)
		rc = deflateInit2(&file->gzip, 4, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
	else if (file->packing == PACKING_BZIP2)
		rc = BZ2_bzCompressInit(&file->bzip2, 9, 0, 0);
	return rc == 0 ? 0 : err_memory(err);
}

int outfile_open(const char *path, enum packing packing, uint32_t keep, struct outfile **ret_file,
		 struct err *err)
{
	struct outfile *file = calloc(1, sizeof(*file));
	int rc;

	if (!file)
		return err_memory(err);
	file->packing = packing;
	file->keep = keep;
	rc = outfile_make_folders(path, err);
	if (rc == 0)
		rc = file_create(path, &file->file, err);
	if (rc == 0) {
		file_disposable(file->file);
		rc = start_packing(file, err);
	}
	if (rc != 0) {
		file->packing = PACKING_NONE;
		outfile_abandon(file);
		return rc;
	}
	*ret_file = file;
	return 0;
}

struct buf *outfile_buf(struct outfile *file)
{
	return &file->raw;
}

static int pack_gzip(struct outfile *file, bool last)
{
	int rc;

	file->gzip.next_in = (Bytef *)file->raw.data;
	file->gzip.avail_in = (uInt)file->raw.len;
	do {
		if (!buf_reserve(&file->packed, 64 << 10))
			return -1;
		file->gzip.next_out = (Bytef *)file->packed.data + file->packed.len;
		file->gzip.avail_out = (uInt)(file->packed.room - file->packed.len);
		rc = deflate(&file->gzip, last ? Z_FINISH : Z_NO_FLUSH);
		file->packed.len = (size_t)((char *)file->gzip.next_out - file->packed.data);
	} while (last ? rc != Z_STREAM_END : file->gzip.avail_in > 0);
	return 0;
}

static int pack_bzip2(struct outfile *file, bool last)
{
	int rc;

	file->bzip2.next_in = file->raw.data;
	file->bzip2.avail_in = (unsigned)file->raw.len;
	if (!last && file->raw.len == 0)
		return 0;
	do {
		if (!buf_reserve(&file->packed, 64 << 10))
			return -1;
		file->bzip2.next_out = file->packed.data + file->packed.len;
		file->bzip2.avail_out = (unsigned)(file->packed.room - file->packed.len);
		rc = BZ2_bzCompress(&file->bzip2, last ? BZ_FINISH : BZ_RUN);
		file->packed.len = (size_t)(file->bzip2.next_out - file->packed.data);
	} while (last ? rc != BZ_STREAM_END : file->bzip2.avail_in > 0);
	return 0;
}

/* What was packed goes to the file, unless it must wait for the cut. */
static int write_packed(struct outfile *file, bool last, struct err *err)
{
	size_t len = file->packed.len;
	int rc;

	if (file->keep < 1000000 && !last)
		return 0;
	if (file->keep < 1000000)
		len = (size_t)((unsigned __int128)len * file->keep / 1000000);
	rc = file_write(file->file, file->packed.data, len, err);
	file->written += len;
	file->packed.len = 0;
	return rc;
}

static int pack(struct outfile *file, bool last, struct err *err)
{
	int rc = 0;

	if (file->raw.failed)
		return err_memory(err);
	if (file->packing == PACKING_GZIP)
		rc = pack_gzip(file, last);
	else if (file->packing == PACKING_BZIP2)
		rc = pack_bzip2(file, last);
	else
		buf_add(&file->packed, file->raw.data, file->raw.len);
	if (rc != 0 || file->packed.failed)
		return err_memory(err);
	file->raw.len = 0;
	return write_packed(file, last, err);
}

int outfile_flush(struct outfile *file, struct err *err)
{
	return file->raw.len < FLUSH_AT && !file->raw.failed ? 0 : pack(file, false, err);
}

static void release(struct outfile *file)
{
	if (file->packing == PACKING_GZIP)
		deflateEnd(&file->gzip);
	else if (file->packing == PACKING_BZIP2)
		BZ2_bzCompressEnd(&file->bzip2);
	buf_free(&file->raw);
	buf_free(&file->packed);
	free(file);
}

void outfile_abandon(struct outfile *file)
{
	if (!file)
		return;
	if (file->file)
		file_abandon(file->file);
	release(file);
}

int outfile_close(struct outfile *file, uint64_t *ret_bytes, struct err *err)
{
	int rc = pack(file, true, err);

	if (rc != 0) {
		outfile_abandon(file);
		return rc;
	}
	rc = file_commit(file->file, err);
	if (rc == 0)
		*ret_bytes = file->written;
	release(file);
	return rc;
}
