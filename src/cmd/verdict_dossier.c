/* SPDX-License-Identifier: BSD-2-Clause */
/* What verify says of a sealed dossier: each sentence only where there is something it is about. */
#include "cmd/verdict.h"

#include "show/grid.h"

static void count_put(struct buf *out, bool *first, uint32_t count, const char *one,
		      const char *many)
{
	if (count == 0)
		return;
	buf_str(out, *first ? "" : ", ");
	show_count(out, count, one, many);
	*first = false;
}

static void verdict_counts(const struct seal_report *dossier, struct buf *out)
{
	const struct { uint32_t count; const char *word; } rows[] = {
		{ dossier->confirmed, "confirmed" }, { dossier->contradicted, "contradicted" },
		{ dossier->insufficient, "insufficient data" },
		{ dossier->not_measurable, "not measurable" },
	};
	bool first = true;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		count_put(out, &first, rows[i].count, rows[i].word, rows[i].word);
}

static uint32_t verdict_count(const struct seal_report *dossier)
{
	return dossier->confirmed + dossier->contradicted + dossier->insufficient +
	       dossier->not_measurable;
}

/* "finding 1 (report KP, simulated)" */
static void finding_name(const struct seal_finding *finding, struct buf *out)
{
	buf_printf(out, "finding %u (", finding->finding);
	show_plain(out, finding->question);
	if (*finding->label) {
		buf_str(out, ", ");
		show_plain(out, finding->label);
	}
	buf_char(out, ')');
}

static uint32_t proof_count(const struct seal_report *dossier)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < dossier->finding_count; i++)
		count += dossier->findings[i].proof;
	return count;
}

void verdict_dossier_checks(const struct seal_report *dossier, struct buf *out)
{
	uint32_t proofs = proof_count(dossier);

	buf_str(out, "dossier      ");
	show_plain(out, *dossier->title ? dossier->title : "without a title");
	buf_str(out, "\nsources      ");
	show_count(out, dossier->sources, "source", "sources");
	buf_str(out, dossier->sources == 1 ? ": its text is that of its archived bytes\n"
					   : ": each text is that of its archived bytes\n");
	buf_str(out, "quotes       ");
	show_count(out, dossier->claims, "quote", "quotes");
	buf_str(out, ", letter by letter at their places\n");
	if (dossier->finding_count) {
		buf_str(out, "findings     ");
		show_count(out, dossier->finding_count, "finding", "findings");
		if (proofs && proofs < dossier->finding_count)
			buf_printf(out, ", %u of them", proofs);
		if (proofs)
			buf_printf(out, " with %s, replayed",
				   proofs == 1 ? "its proof" : "their proofs");
		buf_char(out, '\n');
	}
	if (verdict_count(dossier)) {
		buf_printf(out, "verdicts     %u judged again, the same: ", verdict_count(dossier));
		verdict_counts(dossier, out);
		buf_char(out, '\n');
	}
	if (dossier->hypotheses) {
		buf_str(out, "matrix       ");
		show_count(out, dossier->hypotheses, "hypothesis", "hypotheses");
		buf_str(out, " against ");
		show_count(out, dossier->items, "item", "items");
		buf_str(out, ": the scores are the same; least inconsistent: ");
		show_plain(out, dossier->leading);
		buf_char(out, '\n');
	}
}

static void signer_put(const struct seal_report *dossier, struct buf *out)
{
	buf_str(out, "\nTaken from the signer\n"
		     "- of sources: who published them, when, and how reliable they are\n");
	if (dossier->claims)
		buf_str(out, "- of claims: who said it, when, about whom, and how credible it "
			     "is\n");
	if (dossier->links)
		buf_str(out, "- which claim answers which\n");
	if (dossier->assertions)
		buf_str(out, "- that an assertion says what its claim says\n");
	for (uint32_t i = 0; i < dossier->finding_count; i++) {
		const struct seal_finding *finding = &dossier->findings[i];

		buf_str(out, "- ");
		finding_name(finding, out);
		if (finding->proof)
			buf_str(out, ": what its proof takes from whoever signed that (constat "
				     "verify says it of content/");
		else
			buf_str(out, ": that it was measured: no proof of it is here (its bytes "
				     "are content/");
		buf_printf(out, "%.16s…)\n", finding->sha256);
	}
	if (dossier->ratings)
		buf_str(out, "- ratings and weights\n");
}

void verdict_dossier_proved(const struct seal_report *dossier, struct buf *out)
{
	if (dossier->claims)
		buf_str(out, "- Every quote stands in the archived bytes of its source, where it "
			     "is said to stand.\n");
	for (uint32_t i = 0; i < dossier->finding_count; i++) {
		if (!dossier->findings[i].proof)
			continue;
		buf_str(out, "- The result of ");
		finding_name(&dossier->findings[i], out);
		buf_str(out, " follows from the records in its proof.\n");
	}
	if (verdict_count(dossier))
		buf_str(out, "- Every verdict follows from its assertion and the finding it rests "
			     "on.\n");
	if (dossier->hypotheses)
		buf_str(out, "- The scores follow from the ratings and weights.\n");
	signer_put(dossier, out);
}

void verdict_dossier_not_proved(const struct seal_report *dossier, struct buf *out)
{
	if (dossier->sources)
		buf_str(out, "- That the sources are what was published, and that what they say is "
			     "true.\n");
	if (dossier->finding_count)
		buf_str(out, "- That the archives recorded truly what their peers sent.\n");
	if (dossier->foreign) {
		buf_str(out, "- What ");
		show_count(out, dossier->foreign, "object", "objects");
		buf_str(out, " of foreign STIX says.\n");
	}
	buf_str(out, "- That nothing was left out that speaks for another conclusion.\n"
		     "- Who caused it, and why: routing shows reachability, not motive.\n");
}
