/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records are read one after the other through a window on the decompressed bytes. A record that
 * cannot be a page is passed over unread; a block is held whole only where it may be one, up to
 * TEXT_MAX.
 */
#define _GNU_SOURCE
#include "dossier/warc.h"

#include <stdlib.h>
#include <strings.h>
#include <zlib.h>

#include "dossier/text.h"
#include "feed/source.h"

#define WINDOW		65536
#define LINE_MAX_LEN	65536
#define HEADERS_MAX	512	/* lines of them */

struct warc {
	struct source *source;
	const char *name;
	char window[WINDOW];
	size_t at, len;
	uint64_t position;	/* of window + at, decompressed */
};

struct record {
	struct view type, uri, date, media, length;	/* into `text` */
	struct buf text;
};

bool warc_begins(const char *bytes, size_t len)
{
	return (len >= 7 && memcmp(bytes, "WARC/1.", 7) == 0) ||
	       (len >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0);
}

void warc_page_free(struct warc_page *page)
{
	buf_free(&page->url);
	buf_free(&page->date);
	buf_free(&page->media);
	buf_free(&page->payload);
}

/* Something in the window, or the end: then len is 0. */
static int fill(struct warc *warc, struct err *err)
{
	enum fault_kind fault;
	int code;

	if (warc->at < warc->len)
		return 0;
	warc->at = warc->len = 0;
	code = source_read(warc->source, warc->window, sizeof(warc->window), &warc->len, &fault,
			   err);
	if (code == 0 && fault != FAULT_KIND_COUNT)
		code = err_set(err, ERR_FORMAT, "%s: damaged behind byte %llu", warc->name,
			       (unsigned long long)warc->position);
	return code;
}

/* `bytes` of them into `out`, or passed over where that is NULL. */
static int take(struct warc *warc, uint64_t bytes, struct buf *out, struct err *err)
{
	while (bytes) {
		size_t now;
		int code = fill(warc, err);

		if (code)
			return code;
		if (warc->len == 0)
			return err_set(err, ERR_FORMAT, "%s: ends in the middle of a record",
				       warc->name);
		now = warc->len - warc->at < bytes ? warc->len - warc->at : (size_t)bytes;
		if (out)
			buf_add(out, warc->window + warc->at, now);
		warc->at += now;
		warc->position += now;
		bytes -= now;
	}
	return out && out->failed ? err_memory(err) : 0;
}

/* A line without its end; *ret_end: there is none any more. */
static int line(struct warc *warc, struct buf *out, bool *ret_end, struct err *err)
{
	out->len = 0;
	for (;;) {
		const char *from, *found;
		size_t len;
		int code = fill(warc, err);

		if (code)
			return code;
		*ret_end = warc->len == 0 && out->len == 0;
		if (warc->len == 0)
			return 0;
		from = warc->window + warc->at;
		found = memchr(from, '\n', warc->len - warc->at);
		len = found ? (size_t)(found - from) + 1 : warc->len - warc->at;
		buf_add(out, from, len);
		warc->at += len;
		warc->position += len;
		if (out->len > LINE_MAX_LEN)
			return err_set(err, ERR_FORMAT, "%s: a header line of more than %d bytes",
				       warc->name, LINE_MAX_LEN);
		if (found)
			break;
	}
	while (out->len && (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == '\r'))
		out->len--;
	return out->failed ? err_memory(err) : 0;
}

/* "Name: value", the name in any case. */
static bool header_is(struct view text, const char *name, struct view *ret_value)
{
	size_t len = strlen(name);

	if (text.len <= len || text.ptr[len] != ':' || strncasecmp(text.ptr, name, len) != 0)
		return false;
	*ret_value = view_trim((struct view){ text.ptr + len + 1, text.len - len - 1 });
	return true;
}

/* Header lines of a record into record->text, "\n" between them. */
static int headers_read(struct warc *warc, struct record *record, struct err *err)
{
	struct buf one = { 0 };
	bool end = false;
	int code = 0;

	record->text.len = 0;
	for (unsigned count = 0; code == 0; count++) {
		code = line(warc, &one, &end, err);
		if (code || end || one.len == 0)
			break;
		if (count == HEADERS_MAX)
			code = err_set(err, ERR_FORMAT, "%s: more than %d header lines", warc->name,
				       HEADERS_MAX);
		buf_add(&record->text, one.data, one.len);
		buf_char(&record->text, '\n');
	}
	buf_free(&one);
	return code ? code : record->text.failed ? err_memory(err) : 0;
}

static void headers_find(struct record *record)
{
	struct view rest = { record->text.data ? record->text.data : "", record->text.len }, text;

	record->type = record->uri = record->date = record->media = record->length = VIEW("");
	while (view_split(&rest, '\n', &text)) {
		(void)(header_is(text, "WARC-Type", &record->type) ||
		       header_is(text, "WARC-Target-URI", &record->uri) ||
		       header_is(text, "WARC-Date", &record->date) ||
		       header_is(text, "Content-Type", &record->media) ||
		       header_is(text, "Content-Length", &record->length));
	}
	/* WARC/1.0 has addresses in angle brackets. */
	if (record->uri.len > 1 && record->uri.ptr[0] == '<' &&
	    record->uri.ptr[record->uri.len - 1] == '>')
		record->uri = (struct view){ record->uri.ptr + 1, record->uri.len - 2 };
}

struct response {
	unsigned status;
	struct view media, body;
	bool chunked, gzip, strange;	/* strange: encoded in a way that is not known here */
};

static void encoding_take(struct view value, struct response *response)
{
	if (view_equal_nocase(value, VIEW("gzip")) || view_equal_nocase(value, VIEW("x-gzip")))
		response->gzip = true;
	else if (value.len && !view_equal_nocase(value, VIEW("identity")))
		response->strange = true;
}

/* RFC 9112 section 2, as archives hold it. */
static bool response_parse(struct view block, struct response *ret_response)
{
	struct response response = { .media = VIEW("") };
	const char *end = memmem(block.ptr, block.len, "\r\n\r\n", 4);
	struct view rest, text, value;

	if (!end || block.len < 12 || memcmp(block.ptr, "HTTP/", 5) != 0)
		return false;
	rest = (struct view){ block.ptr, (size_t)(end - block.ptr) };
	response.body = (struct view){ end + 4, block.len - (size_t)(end + 4 - block.ptr) };
	view_split(&rest, '\n', &text);
	view_split(&text, ' ', &value);
	view_split(&text, ' ', &value);
	if (!view_u32(view_trim(value), &response.status))
		return false;
	while (view_split(&rest, '\n', &text)) {
		header_is(text, "Content-Type", &response.media);
		if (header_is(text, "Transfer-Encoding", &value))
			response.chunked = view_equal_nocase(value, VIEW("chunked"));
		if (header_is(text, "Content-Encoding", &value))
			encoding_take(value, &response);
	}
	*ret_response = response;
	return true;
}

/* RFC 9112 section 7.1; false where it is none, which some archives have undone already. */
static bool dechunk(struct view body, struct buf *out)
{
	while (body.len) {
		struct view size;
		uint64_t bytes = 0;
		size_t i = 0;

		view_split(&body, '\n', &size);
		for (; i < size.len && i < 8; i++) {
			const char *digits = "0123456789abcdef0123456789ABCDEF";
			const char *found = size.ptr[i] ? strchr(digits, size.ptr[i]) : NULL;

			if (!found)
				break;
			bytes = bytes * 16 + (uint64_t)(found - digits) % 16;
		}
		if (i == 0 || bytes > body.len)
			return false;
		if (bytes == 0)
			return true;
		buf_add(out, body.ptr, bytes);
		body.ptr += bytes;
		body.len -= bytes;
		if (body.len >= 2 && memcmp(body.ptr, "\r\n", 2) == 0) {
			body.ptr += 2;
			body.len -= 2;
		}
	}
	return false;
}

static int gunzip(struct view packed, struct buf *out, struct err *err)
{
	z_stream stream = { .next_in = (Bytef *)packed.ptr, .avail_in = (uInt)packed.len };
	int status = Z_OK;

	if (inflateInit2(&stream, 15 + 32) != Z_OK)
		return err_memory(err);
	while (status == Z_OK && out->len <= TEXT_MAX && buf_reserve(out, WINDOW)) {
		stream.next_out = (Bytef *)out->data + out->len;
		stream.avail_out = WINDOW;
		status = inflate(&stream, Z_NO_FLUSH);
		out->len += WINDOW - stream.avail_out;
	}
	inflateEnd(&stream);
	if (out->failed)
		return err_memory(err);
	if (out->len > TEXT_MAX)
		return err_set(err, ERR_LIMIT, "more than %zu MB", TEXT_MAX >> 20);
	return status == Z_STREAM_END ? 0
				      : err_set(err, ERR_FORMAT, "its gzip encoding is damaged");
}

/* The body as the server meant it. */
static int payload_make(const struct response *response, struct buf *out, struct err *err)
{
	struct buf whole = { 0 };
	struct view body = response->body;
	int code = 0;

	if (response->chunked && dechunk(body, &whole))
		body = (struct view){ whole.data ? whole.data : "", whole.len };
	/* Some archives undo the encoding and leave its header. */
	if (response->gzip && body.len >= 2 && memcmp(body.ptr, "\x1f\x8b", 2) == 0)
		code = gunzip(body, out, err);
	else
		buf_add(out, body.ptr, body.len);
	code = code ? code : out->failed || whole.failed ? err_memory(err) : 0;
	buf_free(&whole);
	return code;
}

static bool is_text(struct view media)
{
	return (media.len >= 5 && strncasecmp(media.ptr, "text/", 5) == 0) ||
	       (media.len >= 17 && strncasecmp(media.ptr, "application/xhtml", 17) == 0);
}

static void lower(struct buf *buf)
{
	for (size_t i = 0; i < buf->len; i++)
		if (buf->data[i] >= 'A' && buf->data[i] <= 'Z')
			buf->data[i] = (char)(buf->data[i] + ('a' - 'A'));
}

/* Fills the page out of a block; *ret_is false where it is none. */
static int page_make(const struct record *record, struct view block, struct warc_page *page,
		     bool *ret_is, struct err *err)
{
	struct response response = { .status = 200, .media = record->media, .body = block };
	bool http = view_equal_nocase(record->type, VIEW("response"));
	int code;

	*ret_is = (!http || response_parse(block, &response)) && response.status == 200 &&
		  is_text(response.media);
	if (!*ret_is)
		return 0;
	if (response.strange)
		return err_set(err, ERR_FORMAT, "%.*s is encoded in a way that is not known here",
			       VIEW_ARGS(record->uri));
	page->url.len = page->date.len = page->media.len = page->payload.len = 0;
	buf_add(&page->url, record->uri.ptr, record->uri.len);
	buf_add(&page->date, record->date.ptr, record->date.len);
	buf_add(&page->media, response.media.ptr, response.media.len);
	lower(&page->media);
	code = payload_make(&response, &page->payload, err);
	if (code)
		return err_prefix(err, "%.*s", record->uri.len < 200 ? (int)record->uri.len : 200,
				  record->uri.ptr);
	return page->url.failed || page->date.failed || page->media.failed ? err_memory(err) : 0;
}

/* What stands behind the first line of a record. */
static int record_read(struct warc *warc, struct record *record, struct warc_page *page,
		       int (*give)(void *context, const struct warc_page *page, struct err *err),
		       void *context, struct err *err)
{
	struct buf block = { 0 };
	uint64_t length;
	bool wanted, is = false;
	int code = headers_read(warc, record, err);

	if (code)
		return code;
	headers_find(record);
	if (!view_u64(record->length, &length))
		return err_set(err, ERR_FORMAT, "%s: a record without its length, before byte %llu",
			       warc->name, (unsigned long long)warc->position);
	wanted = length <= TEXT_MAX && (view_equal_nocase(record->type, VIEW("response")) ||
					view_equal_nocase(record->type, VIEW("resource")));
	code = take(warc, length, wanted ? &block : NULL, err);
	if (code == 0 && wanted && block.len)
		code = page_make(record, (struct view){ block.data, block.len }, page, &is, err);
	if (code == 0 && is) {
		page->number++;
		code = give(context, page, err);
	}
	buf_free(&block);
	return code;
}

int warc_read(struct source *source, const char *name,
	      int (*page)(void *context, const struct warc_page *page, struct err *err),
	      void *context, struct err *err)
{
	struct warc *warc = calloc(1, sizeof(*warc));
	struct record record = { .text = { 0 } };
	struct warc_page current = { .number = 0 };
	struct buf first = { 0 };
	bool end = false;
	int code = 0;

	if (!warc)
		return err_memory(err);
	warc->source = source;
	warc->name = name;
	while (code == 0 && !end) {
		uint64_t at = warc->position;

		code = line(warc, &first, &end, err);
		if (code || end || first.len == 0)
			continue;
		if (first.len < 7 || memcmp(first.data, "WARC/1.", 7) != 0)
			code = err_set(err, ERR_FORMAT, "%s: no WARC record at byte %llu", name,
				       (unsigned long long)at);
		else
			code = record_read(warc, &record, &current, page, context, err);
	}
	warc_page_free(&current);
	buf_free(&record.text);
	buf_free(&first);
	free(warc);
	return code;
}
