/* SPDX-License-Identifier: BSD-2-Clause */
/* A source's text once more out of its bytes: what an extractor gives for them never changes. */
#include <string.h>

#include "dossier/claim.h"
#include "dossier/extract.h"

/* The first character in which the two differ. */
static uint32_t first_difference(struct view a, struct view b)
{
	uint32_t characters = 0;
	size_t at = 0;

	while (at < a.len && at < b.len && a.ptr[at] == b.ptr[at])
		at++;
	for (size_t i = 1; i <= at; i++)
		characters += (a.ptr[i - 1] & 0xc0) != 0x80;
	/* A character that differs in its second byte or later has been counted. */
	return at < a.len && (a.ptr[at] & 0xc0) == 0x80 && characters ? characters - 1 : characters;
}

static int compare(const struct dossier_source *source, const struct extracted *extracted,
		   struct view text, struct err *err)
{
	struct view again = { extracted->text.data ? extracted->text.data : "",
			      extracted->text.len };
	const struct { const char *what, *is, *said; } words[] = {
		{ "extractor", extracted->extractor, source->extractor },
		{ "media type", extracted->media, source->media },
		{ "character set", extracted->charset, source->charset },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].is, words[i].said) != 0)
			return err_set(err, ERR_FORMAT, "source %u (%s): its %s is %s, not %s",
				       source->id, source->name, words[i].what, words[i].is,
				       words[i].said);
	if (!view_equal(again, text))
		return err_set(err, ERR_FORMAT,
			       "source %u (%s): its text is not what %s derives from its bytes, "
			       "from character %u on", source->id, source->name, source->extractor,
			       first_difference(again, text));
	return 0;
}

int source_derive(const struct dossier_source *source, struct view bytes, struct view text,
		  struct err *err)
{
	const struct extract_hints hints = {
		.media = source->media, .charset = source->charset, .name = source->name,
	};
	struct extracted extracted;
	int code = extract_text(bytes, &hints, &extracted, err);

	if (code)
		return err_prefix(err, "source %u", source->id);
	code = compare(source, &extracted, text, err);
	buf_free(&extracted.text);
	return code;
}
