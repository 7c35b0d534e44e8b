/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A web server for tests, on loopback: files of a folder, with what goes wrong on the web.
 *
 *	test-server ROOT LOG [FAULT]…
 *
 * Prints its port, then serves until it is killed: index pages (as Apache's; "no-index" answers 404), ETags, ranges.
 * One line a request goes into LOG: status, body bytes sent, "-" or the range's start, path. Asked as a proxy is, for
 * a whole address, it serves what the path names and logs the address. Faults are KIND:TEXT:TIMES:NUMBER, for
 * addresses that contain TEXT, the first TIMES requests of each address (0: always):
 *
 *	status:…:N	N in place of the file; 503 has Retry-After: 1
 *	cut:…:N		the connection closes after N tenths of the body
 *	short:…:N	the same without having announced a length
 *	wrong:…		a page of HTML, status 200
 *	lying:…		the right length, N tenths of the bytes replaced by zeros
 *	redirect:…	to /moved/ and the same path
 *	slow:…:N	N milliseconds before each 4,096 bytes
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FAULTS_MAX 32
#define SEEN_MAX 65536

struct fault {
	char kind[16], text[200];
	unsigned times, number;
};

static const char *root;
static FILE *record;
static struct fault faults[FAULTS_MAX];
static unsigned fault_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct { unsigned fault, hash, times; } seen[SEEN_MAX];
static unsigned seen_count;
static _Thread_local char asked_host[256];	/* "http://host" of a request to a proxy, else "" */

static unsigned hash_of(const char *text)
{
	unsigned hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

/* The fault that this request meets; counted. */
static const struct fault *fault_for(const char *path)
{
	unsigned hash = hash_of(path);
	const struct fault *found = NULL;

	pthread_mutex_lock(&lock);
	for (unsigned i = 0; i < fault_count && !found; i++) {
		unsigned k = 0;

		if (!strstr(path, faults[i].text) || strncmp(path, "/moved/", 7) == 0)
			continue;
		while (k < seen_count && (seen[k].fault != i || seen[k].hash != hash))
			k++;
		if (k == seen_count && seen_count < SEEN_MAX) {
			seen[k].fault = i;
			seen[k].hash = hash;
			seen[seen_count++].times = 0;
		}
		if (faults[i].times == 0 || (k < seen_count && seen[k].times++ < faults[i].times))
			found = &faults[i];
	}
	pthread_mutex_unlock(&lock);
	return found;
}

static void note(int status, size_t sent, long long start, const char *path)
{
	pthread_mutex_lock(&lock);
	if (start >= 0)
		fprintf(record, "%d %zu %lld %s%s\n", status, sent, start, asked_host, path);
	else
		fprintf(record, "%d %zu - %s%s\n", status, sent, asked_host, path);
	fflush(record);
	pthread_mutex_unlock(&lock);
}

static bool send_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

static char *read_file(const char *path, size_t *ret_len)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	char *bytes;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	bytes = malloc((size_t)st.st_size + 1);
	*ret_len = bytes && read(fd, bytes, (size_t)st.st_size) == st.st_size ? (size_t)st.st_size : 0;
	close(fd);
	return bytes;
}

static char *list_folder(const char *path, size_t *ret_len)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	FILE *page;
	char *bytes = NULL;

	if (!dir)
		return NULL;
	page = open_memstream(&bytes, ret_len);
	fprintf(page, "<html><body><pre>\n");
	while (page && (entry = readdir(dir))) {
		char full[4096];
		struct stat st;

		snprintf(full, sizeof(full), "%s/%s", path, entry->d_name);
		if (entry->d_name[0] != '.' && stat(full, &st) == 0)
			fprintf(page, "<a href=\"%s\">%s</a>  2014-12-22 00:10  %lld\n", entry->d_name, entry->d_name,
				(long long)st.st_size);
	}
	fprintf(page, "</pre></body></html>\n");
	fclose(page);
	closedir(dir);
	return bytes;
}

/* The value of a header, or "". */
static void header(const char *request, const char *name, char *value, size_t room)
{
	const char *at = strcasestr(request, name);
	size_t len;

	value[0] = '\0';
	if (!at)
		return;
	at += strlen(name);
	at += strspn(at, ": ");
	len = strcspn(at, "\r\n");
	if (len < room) {
		memcpy(value, at, len);
		value[len] = '\0';
	}
}

static bool is(const struct fault *fault, const char *kind)
{
	return fault && strcmp(fault->kind, kind) == 0;
}

static bool send_head(int fd, int status, const char *more, long long len)
{
	char head[600];
	int used = snprintf(head, sizeof(head), "HTTP/1.1 %d x\r\n%s", status, more);

	if (len >= 0)
		used += snprintf(head + used, sizeof(head) - (size_t)used, "Content-Length: %lld\r\n", len);
	else
		used += snprintf(head + used, sizeof(head) - (size_t)used, "Connection: close\r\n");
	used += snprintf(head + used, sizeof(head) - (size_t)used, "\r\n");
	return send_all(fd, head, (size_t)used);
}

static bool send_body(int fd, const struct fault *fault, const char *bytes, size_t len)
{
	const unsigned wait = is(fault, "slow") ? fault->number : 0;
	const struct timespec pause = { .tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000L };

	if (!is(fault, "slow"))
		return send_all(fd, bytes, len);
	for (size_t at = 0; at < len; at += 4096) {
		nanosleep(&pause, NULL);
		if (!send_all(fd, bytes + at, len - at < 4096 ? len - at : 4096))
			return false;
	}
	return true;
}

/* Answers one request; false closes the connection. */
static bool serve_file(int fd, const char *path, const char *request, const struct fault *fault, char *bytes, size_t len)
{
	char etag[64], value[200], more[300];
	size_t start = 0, end = len;
	bool ranged = false, partial = is(fault, "cut") || is(fault, "short");

	snprintf(etag, sizeof(etag), "\"%zx-%x\"", len, hash_of(path));
	header(request, "\r\nIf-None-Match", value, sizeof(value));
	if (strcmp(value, etag) == 0) {
		note(304, 0, -1, path);
		return send_head(fd, 304, "", 0);
	}
	header(request, "\r\nIf-Range", value, sizeof(value));
	if (!*value || strcmp(value, etag) == 0) {
		header(request, "\r\nRange", value, sizeof(value));
		ranged = sscanf(value, "bytes=%zu-", &start) == 1 && start < len;
	}
	if (!ranged)
		start = 0;
	if (is(fault, "lying"))
		memset(bytes + len - len * fault->number / 10, 0, len * fault->number / 10);
	if (partial)
		end = start + (len - start) * fault->number / 10;
	snprintf(more, sizeof(more), "ETag: %s\r\n", etag);
	if (ranged)
		snprintf(more + strlen(more), sizeof(more) - strlen(more), "Content-Range: bytes %zu-%zu/%zu\r\n", start,
			 len - 1, len);
	note(ranged ? 206 : 200, end - start, ranged ? (long long)start : -1, path);
	return send_head(fd, ranged ? 206 : 200, more, is(fault, "short") ? -1 : (long long)(len - start)) &&
	       send_body(fd, fault, bytes + start, end - start) && !partial;
}

/* "http://host/path" is split (RFC 9112, section 3.2.2). */
static void take_host(char *target)
{
	char *path = strncmp(target, "http://", 7) == 0 ? strchr(target + 7, '/') : NULL;

	asked_host[0] = '\0';
	if (!path || (size_t)(path - target) >= sizeof(asked_host))
		return;
	memcpy(asked_host, target, (size_t)(path - target));
	asked_host[path - target] = '\0';
	memmove(target, path, strlen(path) + 1);
}

static bool answer(int fd, char *request)
{
	static const char page[] = "<html><body>Sorry.</body></html>\n";
	char path[1024], full[2048], more[1400];
	const struct fault *fault;
	size_t len = 0;
	char *bytes, *moved;
	bool again;

	if (sscanf(request, "GET %1000s", path) != 1 || strstr(path, ".."))
		return false;
	take_host(path);
	fault = fault_for(path);
	if (is(fault, "status")) {
		note((int)fault->number, sizeof(page) - 1, -1, path);
		return send_head(fd, (int)fault->number, fault->number == 503 ? "Retry-After: 1\r\n" : "",
				 sizeof(page) - 1) && send_all(fd, page, sizeof(page) - 1);
	}
	if (is(fault, "wrong")) {
		note(200, sizeof(page) - 1, -1, path);
		return send_head(fd, 200, "", sizeof(page) - 1) && send_all(fd, page, sizeof(page) - 1);
	}
	if (is(fault, "redirect")) {
		snprintf(more, sizeof(more), "Location: /moved%s\r\n", path);
		note(302, 0, -1, path);
		return send_head(fd, 302, more, 0);
	}
	moved = strncmp(path, "/moved/", 7) == 0 ? path + 6 : path;
	snprintf(full, sizeof(full), "%s%s", root, moved);
	bytes = path[strlen(path) - 1] == '/' ? is(fault, "no-index") ? NULL : list_folder(full, &len) : read_file(full, &len);
	if (!bytes) {
		note(404, sizeof(page) - 1, -1, path);
		return send_head(fd, 404, "", sizeof(page) - 1) && send_all(fd, page, sizeof(page) - 1);
	}
	again = serve_file(fd, moved, request, fault, bytes, len);
	free(bytes);
	return again;
}

static void *serve(void *context)
{
	int fd = (int)(intptr_t)context;
	char request[8192];
	bool again = true;
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	while (again) {
		size_t len = 0;
		ssize_t got = 1;

		request[0] = '\0';
		while (!strstr(request, "\r\n\r\n") && len < sizeof(request) - 1 && got > 0) {
			got = recv(fd, request + len, sizeof(request) - 1 - len, 0);
			len += got > 0 ? (size_t)got : 0;
			request[len] = '\0';
		}
		again = got > 0 && answer(fd, request);
	}
	shutdown(fd, SHUT_RDWR);
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (argc < 3 || argc > 3 + FAULTS_MAX || !(record = fopen(argv[2], "a")))
		return 2;
	root = argv[1];
	for (int i = 3; i < argc; i++) {
		struct fault *fault = &faults[fault_count++];

		if (sscanf(argv[i], "%15[^:]:%199[^:]:%u:%u", fault->kind, fault->text, &fault->times, &fault->number) < 2)
			return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 64) ||
	    getsockname(listener, (struct sockaddr *)&address, &size))
		return 1;
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		pthread_t thread;

		if (fd >= 0 && pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd) == 0)
			pthread_detach(thread);
	}
}
