/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Direct-mapped: a key has one slot, told by its hash, and the newest owns it. A slot is a head,
 * then the key's bytes, then the value. The hash multiplies 16 bytes at a time (64 × 64 → 128
 * bits, both halves folded); it only has to spread, since every hit is compared.
 */
#include "base/memo.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct slot {
	uint64_t hash;
	uint32_t key_len;
	uint16_t value_len;
	uint8_t flavour;
	bool used;
	char bytes[];
};

struct memo {
	uint32_t mask;
	uint32_t slot_size;
	char *slots;
	/* What memo_find() looked for in vain. */
	const void *key;
	uint32_t key_len;
	uint8_t flavour;
	uint64_t hash;
};

static inline uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t word(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* Two lanes, so that one's multiplication does not wait for the other's. */
static uint64_t key_hash(const uint8_t *at, size_t len, uint8_t flavour)
{
	const uint64_t k1 = 0xa0761d6478bd642fu, k2 = 0xe7037ed1a0b428dbu;
	uint64_t hash = k1 ^ (len << 8 | flavour), other = k2;
	const uint8_t *last = len < 32 ? at : at + len - 32;
	uint8_t padded[32] = { 0 };

	if (len < 32) {
		if (len)
			memcpy(padded, at, len);
		last = at = padded;
	}
	for (; at < last; at += 32) {
		hash = fold(word(at) ^ k1, word(at + 8) ^ hash);
		other = fold(word(at + 16) ^ k2, word(at + 24) ^ other);
	}
	/* The last 32 bytes, some of them once more. */
	hash = fold(word(last) ^ k1, word(last + 8) ^ hash);
	other = fold(word(last + 16) ^ k2, word(last + 24) ^ other);
	hash ^= other;
	return hash ^ hash >> 32;
}

int memo_new(uint32_t slots, uint32_t slot_size, struct memo **ret_memo, struct err *err)
{
	struct memo *memo = calloc(1, sizeof(*memo));

	if (!memo)
		return err_memory(err);
	memo->mask = slots - 1;
	memo->slot_size = slot_size;
	memo->slots = calloc(slots, slot_size);
	if (!memo->slots) {
		free(memo);
		return err_memory(err);
	}
	*ret_memo = memo;
	return 0;
}

void memo_free(struct memo *memo)
{
	if (!memo)
		return;
	free(memo->slots);
	free(memo);
}

static struct slot *slot_of(const struct memo *memo, uint64_t hash)
{
	return (struct slot *)(memo->slots + (size_t)(hash & memo->mask) * memo->slot_size);
}

const char *memo_find(struct memo *memo, const void *key, uint32_t len, uint8_t flavour,
		      size_t *ret_len)
{
	uint64_t hash = key_hash(key, len, flavour);
	const struct slot *slot = slot_of(memo, hash);

	if (slot->used && slot->hash == hash && slot->key_len == len && slot->flavour == flavour &&
	    (!len || !memcmp(slot->bytes, key, len))) {
		*ret_len = slot->value_len;
		return slot->bytes + len;
	}
	memo->key = key;
	memo->key_len = len;
	memo->flavour = flavour;
	memo->hash = hash;
	return NULL;
}

void memo_keep(struct memo *memo, const void *value, size_t len)
{
	struct slot *slot = slot_of(memo, memo->hash);

	if (len > UINT16_MAX || memo->key_len + len > memo->slot_size - sizeof(*slot))
		return;
	slot->hash = memo->hash;
	slot->key_len = memo->key_len;
	slot->value_len = (uint16_t)len;
	slot->flavour = memo->flavour;
	slot->used = true;
	if (memo->key_len)
		memcpy(slot->bytes, memo->key, memo->key_len);
	if (len)
		memcpy(slot->bytes + memo->key_len, value, len);
}
