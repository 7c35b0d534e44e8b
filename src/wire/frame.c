/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where records begin and end. MRT has no magic number: a header is believed when its type and
 * subtype are ones that a collector writes. In sequence that is enough, since the record before
 * said where this one begins. After damage nothing says so, and mrt_resync() asks for more: a body
 * long enough for its subtype, a time close to the last one, and another header right behind.
 *
 * RFC 6396 section 3 counts an ET record's microseconds in its length; early writers did not. The
 * record's own content tells which it is, since a BGP message has a length of its own.
 */
#include "base/utc.h"
#include "wire/decode.h"

#define ET_HEADER_SIZE	(MRT_HEADER_SIZE + 4)

struct header {
	uint32_t seconds;
	uint16_t type;
	uint16_t subtype;
	uint32_t len;
};

static struct header read_header(const uint8_t *bytes)
{
	return (struct header){
		load_be32(bytes), load_be16(bytes + 4), load_be16(bytes + 6), load_be32(bytes + 8),
	};
}

/* A type that is registered, with a subtype that is or yet may be. */
static bool type_is_plausible(uint16_t type, uint16_t subtype)
{
	return mrt_kind_find(type, subtype) || (mrt_type_name(type) && subtype < 32);
}

/*
 * How long an ET record's body must be, microseconds included, by what stands in it. 0: it does not
 * tell, or the bytes do not reach.
 */
static uint32_t et_body_by_content(const uint8_t *bytes, size_t len, const struct mrt_kind *kind)
{
	const uint32_t afi_at = ET_HEADER_SIZE + 2 * kind->asn_size + 2;
	uint32_t size;

	if (len < afi_at + 2)
		return 0;
	size = afi_at + 2;
	switch (load_be16(bytes + afi_at)) {
	case AFI_IPV4: size += 8; break;
	case AFI_IPV6: size += 32; break;
	default: return 0;
	}
	if (kind->decode == bgp4mp_state_decode)
		return size + 4 - MRT_HEADER_SIZE;
	if (kind->decode != bgp4mp_message_decode || len < size + 18)
		return 0;
	return size + load_be16(bytes + size + 16) - MRT_HEADER_SIZE;
}

/* The whole record by its header; a number too large for any limit where it overflows. */
static uint32_t record_size(const uint8_t *bytes, size_t len, const struct header *header)
{
	uint32_t size = header->len;

	if (header->type == MRT_BGP4MP_ET) {
		const struct mrt_kind *kind = mrt_kind_find(header->type, header->subtype);

		if (kind && size < UINT32_MAX - 4 &&
		    et_body_by_content(bytes, len, kind) == size + 4)
			size += 4;
	}
	return size > UINT32_MAX - MRT_HEADER_SIZE ? UINT32_MAX : MRT_HEADER_SIZE + size;
}

enum mrt_frame mrt_frame(const uint8_t *bytes, size_t len, uint32_t record_max, uint32_t *ret_len)
{
	struct header header;

	if (len < MRT_HEADER_SIZE) {
		if (len >= 8 && !type_is_plausible(load_be16(bytes + 4), load_be16(bytes + 6)))
			return MRT_FRAME_BAD;
		*ret_len = 0;
		return MRT_FRAME_MORE;
	}
	header = read_header(bytes);
	if (!type_is_plausible(header.type, header.subtype))
		return MRT_FRAME_BAD;
	*ret_len = record_size(bytes, len, &header);
	if (*ret_len > record_max)
		return MRT_FRAME_LARGE;
	return len < *ret_len ? MRT_FRAME_MORE : MRT_FRAME_WHOLE;
}

/* Only TABLE_DUMP_V2 puts more into a record than one message or one route. */
static uint32_t body_max(uint16_t type)
{
	return type == MRT_TABLE_DUMP_V2 ? MRT_RECORD_MAX - MRT_HEADER_SIZE : UINT16_MAX + 64;
}

/* What a header found by searching must show. `near` in seconds, or UTC_NEVER. */
static bool header_is_convincing(const struct header *header, int64_t near)
{
	const struct mrt_kind *kind = mrt_kind_find(header->type, header->subtype);

	if (!kind || header->len < kind->body_min || header->len > body_max(header->type))
		return false;
	if (near == UTC_NEVER)
		return header->seconds != 0;
	return header->seconds >= near - UTC_DAY / UTC_SECOND &&
		header->seconds <= near + UTC_DAY / UTC_SECOND;
}

size_t mrt_resync(const uint8_t *bytes, size_t len, size_t from, int64_t near, uint32_t record_max,
		  bool *ret_certain)
{
	int64_t near_seconds = near == UTC_NEVER ? UTC_NEVER : near / UTC_SECOND;
	size_t at, perhaps = len;

	*ret_certain = true;
	for (at = from; at < len && len - at >= MRT_HEADER_SIZE; at++) {
		struct header header = read_header(bytes + at), next;
		size_t left = len - at;
		uint32_t size;

		if (!header_is_convincing(&header, near_seconds))
			continue;
		size = record_size(bytes + at, left, &header);
		if (size > record_max)
			continue;
		if (left < size || left - size < MRT_HEADER_SIZE) {
			/* Two headers in a row within what it takes for its body refute it. */
			if (perhaps == len)
				perhaps = at;
			continue;
		}
		next = read_header(bytes + at + size);
		if (header_is_convincing(&next, header.seconds))
			return at;
	}
	if (at < perhaps)
		perhaps = at;		/* the first bytes of a header may stand there */
	*ret_certain = perhaps >= len;
	return perhaps < len ? perhaps : len;
}

int64_t mrt_time(const uint8_t *bytes, size_t len)
{
	int64_t time = load_be32(bytes) * UTC_SECOND;

	if (load_be16(bytes + 4) == MRT_BGP4MP_ET && len >= ET_HEADER_SIZE)
		time += load_be32(bytes + MRT_HEADER_SIZE);
	return time;
}

bool mrt_record_parse(const uint8_t *bytes, uint32_t len, const struct record_ref *ref,
		      struct mrt_record *ret_record)
{
	struct header header = read_header(bytes);
	bool extended = header.type == MRT_BGP4MP_ET;
	uint32_t body = extended ? ET_HEADER_SIZE : MRT_HEADER_SIZE;

	*ret_record = (struct mrt_record){
		.ref = *ref,
		.time = mrt_time(bytes, len),
		.type = header.type,
		.subtype = header.subtype,
		.extended = extended,
		.bytes = bytes,
		.len = len,
		.body = body < len ? body : len,
	};
	return len >= body;
}
