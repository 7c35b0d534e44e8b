/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OpenSSL does the work. It is asked twice: first whether the answer is of this text, then, if
 * anybody is believed, by whom.
 */
#include "proof/timestamp.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <time.h>

#include "base/utc.h"
#include "proof/openssl.h"

static int refuse(struct err *err, const char *what)
{
	const char *words = ERR_reason_error_string(ERR_peek_last_error());

	if (openssl_ran_out())
		return err_memory(err);
	return err_set(err, ERR_FORMAT, "timestamp: %s%s%s%s", what, words ? " (" : "",
		       words ? words : "", words ? ")" : "");
}

/* Every certificate of the text; the caller's to free. */
static int store_of(struct view authorities, time_t at, X509_STORE **ret_store, struct err *err)
{
	X509_STORE *store = X509_STORE_new();
	BIO *bio = BIO_new_mem_buf(authorities.ptr, (int)authorities.len);
	unsigned count = 0;
	X509 *certificate;
	bool ran_out;

	while (store && bio && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		count += X509_STORE_add_cert(store, certificate) == 1;
		X509_free(certificate);
	}
	/* The end of the text is an error to OpenSSL. */
	ran_out = !store || !bio || openssl_ran_out();
	BIO_free(bio);
	if (count && !ran_out) {
		X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), at);
		*ret_store = store;
		return 0;
	}
	X509_STORE_free(store);
	return ran_out ? err_memory(err)
		       : err_set(err, ERR_FORMAT,
				 "timestamp: no certificate (PEM) among those to be believed");
}

/* Takes the store, NULL: its signature is not looked at. */
static bool verifies(TS_RESP *response, struct view text, X509_STORE *store)
{
	TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
	BIO *data = BIO_new_mem_buf(text.ptr, (int)text.len);
	int flags = TS_VFY_VERSION | TS_VFY_DATA | (store ? TS_VFY_SIGNER | TS_VFY_SIGNATURE : 0);
	bool good = false;

	if (context && data) {
		TS_VERIFY_CTX_set_flags(context, flags);
		/* The context frees both. */
		TS_VERIFY_CTX_set_data(context, data);
		TS_VERIFY_CTX_set_store(context, store);
		good = TS_RESP_verify_response(context, response) == 1;
	} else {
		BIO_free(data);
		X509_STORE_free(store);
	}
	TS_VERIFY_CTX_free(context);
	return good;
}

/* Of an answer that verifies: then there is one. */
static bool time_of(TS_RESP *response, int64_t *ret_time)
{
	const ASN1_GENERALIZEDTIME *stated = TS_TST_INFO_get_time(TS_RESP_get_tst_info(response));
	struct tm tm;

	if (ASN1_TIME_to_tm(stated, &tm) != 1)
		return false;
	*ret_time = (int64_t)timegm(&tm) * UTC_SECOND;
	return true;
}

static int check(struct view answer, struct view text, struct view authorities, int64_t *ret_time,
		 struct err *err)
{
	const unsigned char *at = (const unsigned char *)answer.ptr;
	TS_RESP *response;
	X509_STORE *store = NULL;
	int64_t time = 0;
	int code = 0;

	if (answer.len > TIMESTAMP_SIZE_MAX)
		return err_set(err, ERR_LIMIT, "timestamp: larger than %u bytes",
			       TIMESTAMP_SIZE_MAX);
	ERR_clear_error();
	response = d2i_TS_RESP(NULL, &at, (long)answer.len);
	if (!response || at != (const unsigned char *)answer.ptr + answer.len)
		code = refuse(err,
			      "no answer of a timestamping authority (RFC 3161 section 2.4.2)");
	if (code == 0 && !verifies(response, text, NULL))
		code = refuse(err, "not of this checkpoint, or not granted");
	if (code == 0 && !time_of(response, &time))
		code = refuse(err, "it says no time");
	if (code == 0 && authorities.len) {
		code = store_of(authorities, (time_t)(time / UTC_SECOND), &store, err);
		if (code == 0 && !verifies(response, text, store))
			code = refuse(err, "not signed by an authority that is believed");
	}
	TS_RESP_free(response);
	ERR_clear_error();
	if (code == 0)
		*ret_time = time;
	return code;
}

int timestamp_check(struct view answer, struct view text, struct view authorities,
		    int64_t *ret_time, struct err *err)
{
	int code = check(answer, text, authorities, ret_time, err);

	/*
	 * OpenSSL does not always tell a bad signature from no memory to look at it: it is asked
	 * again.
	 */
	return code == ERR_FORMAT ? check(answer, text, authorities, ret_time, err) : code;
}
