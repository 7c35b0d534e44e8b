/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tree is built as lines come: a stack of the roots of whole subtrees, largest first, of which
 * two of one size become one of twice the size, as carries do in binary numbers. What is left at
 * the end is joined from the right. A leaf is hashed behind a byte 0, a node behind a byte 1, so
 * that none can be taken for the other.
 */
#include "proof/merkle.h"

#include <errno.h>
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

int digest_sha256(const void *bytes, size_t len, uint8_t ret_digest[DIGEST_SIZE], struct err *err)
{
	bool done = EVP_Digest(bytes, len, ret_digest, NULL, EVP_sha256(), NULL) == 1;

	return done ? 0 : err_memory(err);
}

static int digest_rest(int fd, const char *name, EVP_MD_CTX *context, uint64_t *ret_size,
		       struct err *err)
{
	uint8_t bytes[64 * 1024];
	uint64_t size = 0;

	for (;;) {
		ssize_t len = read(fd, bytes, sizeof(bytes));

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return err_system(err, errno, "%s", name);
		if (len == 0)
			break;
		if (EVP_DigestUpdate(context, bytes, (size_t)len) != 1)
			return err_memory(err);
		size += (uint64_t)len;
	}
	*ret_size = size;
	return 0;
}

int digest_file(int fd, const char *name, uint8_t ret_digest[DIGEST_SIZE], uint64_t *ret_size,
		struct err *err)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int code = 0;

	if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
		code = err_memory(err);
	if (code == 0)
		code = digest_rest(fd, name, context, ret_size, err);
	if (code == 0 && EVP_DigestFinal_ex(context, ret_digest, NULL) != 1)
		code = err_memory(err);
	EVP_MD_CTX_free(context);
	return code;
}

struct subtree {
	uint64_t leaves;
	uint8_t root[DIGEST_SIZE];
};

static int leaf_hash(struct view line, uint8_t ret_digest[DIGEST_SIZE], struct err *err)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	const uint8_t mark = 0;
	bool done = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
		    EVP_DigestUpdate(context, &mark, 1) == 1 &&
		    EVP_DigestUpdate(context, line.ptr, line.len) == 1 &&
		    EVP_DigestFinal_ex(context, ret_digest, NULL) == 1;

	EVP_MD_CTX_free(context);
	return done ? 0 : err_memory(err);
}

/* The last two become one. */
static int join(struct subtree *stack, unsigned *depth, struct err *err)
{
	struct subtree *left = &stack[*depth - 2], *right = &stack[*depth - 1];
	uint8_t bytes[1 + 2 * DIGEST_SIZE] = { 1 };

	memcpy(bytes + 1, left->root, DIGEST_SIZE);
	memcpy(bytes + 1 + DIGEST_SIZE, right->root, DIGEST_SIZE);
	left->leaves += right->leaves;
	--*depth;
	return digest_sha256(bytes, sizeof(bytes), left->root, err);
}

int merkle_root(struct view text, uint64_t *ret_size, uint8_t ret_root[DIGEST_SIZE],
		struct err *err)
{
	struct subtree stack[65];
	unsigned depth = 0;
	uint64_t size = 0;
	int code = 0;

	while (text.len && code == 0) {
		const char *end = memchr(text.ptr, '\n', text.len);
		struct view line = { text.ptr, end ? (size_t)(end - text.ptr) + 1 : text.len };

		stack[depth].leaves = 1;
		code = leaf_hash(line, stack[depth++].root, err);
		while (code == 0 && depth > 1 && stack[depth - 2].leaves == stack[depth - 1].leaves)
			code = join(stack, &depth, err);
		text.ptr += line.len;
		text.len -= line.len;
		size++;
	}
	while (code == 0 && depth > 1)
		code = join(stack, &depth, err);
	/* The root of a tree without leaves is the hash of nothing. */
	if (code == 0 && size == 0)
		code = digest_sha256("", 0, stack[0].root, err);
	if (code)
		return code;
	memcpy(ret_root, stack[0].root, DIGEST_SIZE);
	*ret_size = size;
	return 0;
}
