/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One easy handle a transfer. Its headers are read as they come, those of a redirect forgotten when
 * the next answer begins; when the first byte of a body comes it is known what the body is: the
 * whole (the part is emptied and what it will be written down before a byte of it is), the rest of
 * the part, or words about an error, which are thrown away.
 */
#define _GNU_SOURCE
#include "archive/fetch_transfer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/file.h"
#include "base/utc.h"
#include "base/view.h"

#define CONNECT_SECONDS	20L
#define STALL_SECONDS	60L
#define POLLS_MAX	8

/* An option that memory was lacking for must not be left out in silence. */
#define SET(easy, option, value) (curl_easy_setopt((easy), (option), (value)) == CURLE_OK)

int transfers_start(struct fetch *fetch, struct err *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		fetch->multi = curl_multi_init();
	return fetch->multi ? 0 : err_memory(err);
}

void transfers_end(struct fetch *fetch)
{
	if (fetch->multi)
		curl_multi_cleanup(fetch->multi);
}

/* The value of header `name`, if this is it. */
static bool header_is(struct view line, const char *name, struct view *ret_value)
{
	struct view word;

	if (!view_split(&line, ':', &word) || !view_equal_nocase(word, view_of(name)))
		return false;
	*ret_value = view_trim(line);
	return true;
}

static void keep_text(struct view value, char *into, size_t room)
{
	into[0] = '\0';
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] < ' ' || value.len >= room)
			return;
	memcpy(into, value.ptr, value.len);
	into[value.len] = '\0';
}

/* "bytes 100-299/300" */
static void take_range(struct view value, struct fetching *file)
{
	struct view start, total;

	if (!view_starts(value, VIEW("bytes ")))
		return;
	value.ptr += 6;
	value.len -= 6;
	if (!view_split(&value, '-', &start) || !view_split(&value, '/', &total))
		return;
	(void)view_u64(start, &file->range_start);
	if (!view_u64(value, &file->answer.size))
		file->answer.size = UINT64_MAX;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
	struct fetching *file = context;
	struct view line = { bytes, size * count }, value;

	if (view_starts(line, VIEW("HTTP/"))) {
		file->answer = (struct cache_note){ .size = UINT64_MAX, .fetched = UTC_NEVER };
		file->range_start = UINT64_MAX;
	} else if (header_is(line, "etag", &value)) {
		keep_text(value, file->answer.etag, sizeof(file->answer.etag));
	} else if (header_is(line, "last-modified", &value)) {
		keep_text(value, file->answer.modified, sizeof(file->answer.modified));
	} else if (header_is(line, "content-length", &value) && file->range_start == UINT64_MAX) {
		if (!view_u64(value, &file->answer.size))
			file->answer.size = UINT64_MAX;
	} else if (header_is(line, "content-range", &value)) {
		take_range(value, file);
	}
	return size * count;
}

/* The first byte of a body: false ends the transfer. */
static bool body_begin(struct fetching *file, long status)
{
	if (status == 206) {
		if (file->have && file->range_start == file->have &&
		    file->answer.size == file->from.size &&
		    lseek(file->fd, 0, SEEK_END) == (off_t)file->have)
			return true;
		file->restart = true;
		return false;
	}
	file->from = file->answer;
	if (ftruncate(file->fd, 0) || lseek(file->fd, 0, SEEK_SET)) {
		err_system(&file->failed, errno, "%s", file->paths[CACHE_PART]);
		return false;
	}
	return cache_note_write(file->paths[CACHE_FROM], &file->from, &file->failed) == 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
	struct fetching *file = context;
	size_t len = size * count;
	long status = 0;

	curl_easy_getinfo(file->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200 && status != 206)
		return len;
	if (!file->body && !body_begin(file, status))
		return CURL_WRITEFUNC_ERROR;
	file->body = true;
	if (file_write_all(file->fd, bytes, len, file->paths[CACHE_PART], &file->failed))
		return CURL_WRITEFUNC_ERROR;
	file->grew = true;
	file->shown.came = true;
	return len;
}

/* An etag that is weak promises nothing about bytes (RFC 9110, section 13.1.5). */
static const char *range_validator(const struct cache_note *note)
{
	return *note->etag && strncmp(note->etag, "W/", 2) != 0 ? note->etag : note->modified;
}

static bool add_header(struct fetching *file, const char *name, const char *value)
{
	char line[320];
	struct curl_slist *list;

	snprintf(line, sizeof(line), "%s: %s", name, value);
	list = curl_slist_append(file->headers, line);
	if (list)
		file->headers = list;
	return list;
}

/* Validators: for the rest of a part, or for anything newer than what is cached. */
static bool ask_conditions(struct fetching *file)
{
	const struct cache_note *cached = &file->shown.note;
	char range[40];

	if (file->have && *range_validator(&file->from)) {
		snprintf(range, sizeof(range), "%" PRIu64 "-", file->have);
		return SET(file->easy, CURLOPT_RANGE, range) &&
		       add_header(file, "If-Range", range_validator(&file->from));
	}
	file->have = 0;
	if (!file->cached)
		return true;
	if (*cached->etag)
		return add_header(file, "If-None-Match", cached->etag);
	return !*cached->modified || add_header(file, "If-Modified-Since", cached->modified);
}

/*
 * As curl's own program takes them; proxies (http_proxy, NO_PROXY, …) the library finds by itself.
 */
static bool set_certificates(CURL *easy)
{
	const char *file = getenv("CURL_CA_BUNDLE"), *folder = getenv("SSL_CERT_DIR");

	if (!file || !*file)
		file = getenv("SSL_CERT_FILE");
	return (!file || !*file || SET(easy, CURLOPT_CAINFO, file)) &&
	       (!folder || !*folder || SET(easy, CURLOPT_CAPATH, folder));
}

static bool set_options(const struct fetch *fetch, struct fetching *file)
{
	CURL *easy = file->easy;

	return SET(easy, CURLOPT_URL, file->url) &&
	       SET(easy, CURLOPT_PRIVATE, file) &&
	       SET(easy, CURLOPT_USERAGENT, fetch->options.agent) &&
	       SET(easy, CURLOPT_HTTPHEADER, file->headers) &&
	       SET(easy, CURLOPT_HEADERFUNCTION, on_header) &&
	       SET(easy, CURLOPT_HEADERDATA, file) &&
	       SET(easy, CURLOPT_WRITEFUNCTION, on_body) &&
	       SET(easy, CURLOPT_WRITEDATA, file) &&
	       SET(easy, CURLOPT_FOLLOWLOCATION, 1L) &&
	       SET(easy, CURLOPT_MAXREDIRS, 5L) &&
	       SET(easy, CURLOPT_PROTOCOLS_STR, "http,https") &&
	       SET(easy, CURLOPT_NOSIGNAL, 1L) &&
	       SET(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS) &&
	       SET(easy, CURLOPT_LOW_SPEED_LIMIT, 1L) &&
	       SET(easy, CURLOPT_LOW_SPEED_TIME, STALL_SECONDS) &&
	       set_certificates(easy);
}

int transfer_start(struct fetch *fetch, struct fetching *file, struct err *err)
{
	file->easy = curl_easy_init();
	file->body = file->restart = false;
	if (!file->easy || !ask_conditions(file) || !set_options(fetch, file) ||
	    curl_multi_add_handle(fetch->multi, file->easy) != CURLM_OK) {
		transfer_stop(fetch, file);
		return err_memory(err);
	}
	file->counted = true;
	fetch->active++;
	fetch->hosts[file->host].active++;
	return 0;
}

void transfer_stop(struct fetch *fetch, struct fetching *file)
{
	if (file->counted) {
		curl_multi_remove_handle(fetch->multi, file->easy);
		fetch->active--;
		fetch->hosts[file->host].active--;
	}
	file->counted = false;
	if (file->easy)
		curl_easy_cleanup(file->easy);
	curl_slist_free_all(file->headers);
	file->easy = file->headers = NULL;
}

int transfers_wait(struct fetch *fetch, const struct pollfd *polls, unsigned count, int timeout_ms,
		   struct err *err)
{
	struct curl_waitfd waits[POLLS_MAX + FETCH_CHECKS_ROOM] = { 0 };
	unsigned used = 0;
	int running;
	CURLMcode code = curl_multi_perform(fetch->multi, &running);

	for (unsigned i = 0; i < count && i < POLLS_MAX; i++)
		waits[used++] = (struct curl_waitfd){
			.fd = polls[i].fd, .events = CURL_WAIT_POLLIN,
		};
	for (unsigned i = 0; i < fetch->checks; i++)
		waits[used++] = (struct curl_waitfd){
			.fd = fetch->check_pipes[i], .events = CURL_WAIT_POLLIN,
		};
	/* A transfer that has ended is looked at before anything is waited for. */
	if (code == CURLM_OK && (unsigned)running == fetch->active)
		code = curl_multi_poll(fetch->multi, waits, used,
				       timeout_ms < 0 ? 1000 : timeout_ms, NULL);
	if (code == CURLM_OK)
		code = curl_multi_perform(fetch->multi, &running);
	if (code == CURLM_OUT_OF_MEMORY)
		return err_memory(err);
	return code == CURLM_OK
		       ? 0
		       : err_set(err, ERR_SYSTEM, "transfers: %s", curl_multi_strerror(code));
}

/* Certificates get no better by asking again. */
static bool is_hopeless(CURLcode code)
{
	return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
}

static bool is_unreachable(CURLcode code)
{
	return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
	       code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR ||
	       is_hopeless(code);
}

bool transfers_ended(struct fetch *fetch, struct fetching **ret_file, struct transfer_end *ret_end)
{
	struct transfer_end end = { 0 };
	struct fetching *file = NULL;
	curl_off_t retry_after = 0, received = 0;
	CURLMsg *message;
	CURLcode code;
	int left;

	do
		message = curl_multi_info_read(fetch->multi, &left);
	while (message && message->msg != CURLMSG_DONE);
	if (!message)
		return false;
	code = message->data.result;
	curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&file);
	curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &end.status);
	curl_easy_getinfo(message->easy_handle, CURLINFO_RETRY_AFTER, &retry_after);
	curl_easy_getinfo(message->easy_handle, CURLINFO_SIZE_DOWNLOAD_T, &received);
	fetch->bytes += (uint64_t)received;
	end.clean = code == CURLE_OK;
	end.unreachable = is_unreachable(code);
	end.hopeless = is_hopeless(code);
	end.retry_after = retry_after > 0 && retry_after < INT32_MAX ? retry_after * UTC_SECOND : 0;
	snprintf(end.text, sizeof(end.text), "%s", curl_easy_strerror(code));
	/* A body of no bytes calls nobody. */
	if (end.clean && end.status == 200 && !file->body) {
		file->from = file->answer;
		if (ftruncate(file->fd, 0))
			err_system(&file->failed, errno, "%s", file->paths[CACHE_PART]);
	}
	transfer_stop(fetch, file);
	*ret_file = file;
	*ret_end = end;
	return true;
}
