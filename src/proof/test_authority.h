/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A timestamping authority for tests, made by libcrypto on the spot: a certificate for itself, one for its signer, and
 * answers that say whatever a test wants. Every failure is a failed test. For *_test.c only.
 */
#ifndef CONSTAT_PROOF_TEST_AUTHORITY_H
#define CONSTAT_PROOF_TEST_AUTHORITY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/view.h"

struct authority {
	EVP_PKEY *root_key, *key;
	X509 *root, *certificate;
};

static inline void authority_extend(X509 *certificate, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(extension);
	assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

/* From one time to the other (seconds); signed by the issuer's key. */
static inline X509 *authority_certificate(const char *name, EVP_PKEY *key, time_t from, time_t until, X509 *issuer,
					  EVP_PKEY *issuer_key)
{
	X509 *certificate = X509_new();
	X509_NAME *subject = X509_NAME_new();

	assert_non_null(certificate);
	assert_int_equal(X509_set_version(certificate, 2), 1);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), issuer ? 2 : 1);
	assert_non_null(ASN1_TIME_set(X509_getm_notBefore(certificate), from));
	assert_non_null(ASN1_TIME_set(X509_getm_notAfter(certificate), until));
	assert_int_equal(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0), 1);
	assert_int_equal(X509_set_subject_name(certificate, subject), 1);
	assert_int_equal(X509_set_issuer_name(certificate, issuer ? X509_get_subject_name(issuer) : subject), 1);
	assert_int_equal(X509_set_pubkey(certificate, key), 1);
	if (issuer)
		authority_extend(certificate, NID_ext_key_usage, "critical,timeStamping");
	else
		authority_extend(certificate, NID_basic_constraints, "critical,CA:true");
	assert_true(X509_sign(certificate, issuer_key, EVP_sha256()) > 0);
	X509_NAME_free(subject);
	return certificate;
}

static inline struct authority authority_make(const char *name, time_t from, time_t until)
{
	struct authority authority = {
		.root_key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"),
		.key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"),
	};

	assert_true(authority.root_key && authority.key);
	authority.root = authority_certificate(name, authority.root_key, from, until, NULL, authority.root_key);
	authority.certificate = authority_certificate("signer", authority.key, from, until, authority.root,
						      authority.root_key);
	return authority;
}

static inline void authority_free(struct authority *authority)
{
	X509_free(authority->root);
	X509_free(authority->certificate);
	EVP_PKEY_free(authority->root_key);
	EVP_PKEY_free(authority->key);
}

/* Adds the root's certificate as PEM, for who believes it. */
static inline void authority_pem(const struct authority *authority, struct buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	long len;

	assert_int_equal(PEM_write_bio_X509(bio, authority->root), 1);
	len = BIO_get_mem_data(bio, &bytes);
	buf_add(out, bytes, (size_t)len);
	BIO_free(bio);
}

static inline BIO *authority_request(struct view text)
{
	unsigned char digest[32];
	TS_REQ *request = TS_REQ_new();
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	BIO *bio = BIO_new(BIO_s_mem());

	assert_int_equal(EVP_Digest(text.ptr, text.len, digest, NULL, EVP_sha256(), NULL), 1);
	X509_ALGOR_set_md(algorithm, EVP_sha256());
	assert_int_equal(TS_MSG_IMPRINT_set_algo(imprint, algorithm), 1);
	assert_int_equal(TS_MSG_IMPRINT_set_msg(imprint, digest, sizeof(digest)), 1);
	assert_int_equal(TS_REQ_set_version(request, 1), 1);
	assert_int_equal(TS_REQ_set_msg_imprint(request, imprint), 1);
	assert_int_equal(TS_REQ_set_cert_req(request, 1), 1);
	assert_int_equal(i2d_TS_REQ_bio(bio, request), 1);
	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(imprint);
	TS_REQ_free(request);
	return bio;
}

static inline ASN1_INTEGER *authority_serial(TS_RESP_CTX *context, void *unused)
{
	ASN1_INTEGER *serial = ASN1_INTEGER_new();

	(void)context;
	(void)unused;
	assert_non_null(serial);
	ASN1_INTEGER_set(serial, 7);
	return serial;
}

static inline int authority_time(TS_RESP_CTX *context, void *time, long *seconds, long *microseconds)
{
	(void)context;
	*seconds = (long)*(const time_t *)time;
	*microseconds = 0;
	return 1;
}

/* A TimeStampResp for the text, which says that time; not granted where the authority takes SHA-512 only. */
static inline struct buf authority_answer(const struct authority *authority, struct view text, time_t time, bool granted)
{
	TS_RESP_CTX *context = TS_RESP_CTX_new();
	BIO *request = authority_request(text);
	ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4", 1);
	TS_RESP *response;
	unsigned char *bytes = NULL;
	struct buf out = { 0 };
	int len;

	assert_int_equal(TS_RESP_CTX_set_signer_cert(context, authority->certificate), 1);
	assert_int_equal(TS_RESP_CTX_set_signer_key(context, authority->key), 1);
	assert_int_equal(TS_RESP_CTX_set_signer_digest(context, EVP_sha256()), 1);
	assert_int_equal(TS_RESP_CTX_set_def_policy(context, policy), 1);
	assert_int_equal(TS_RESP_CTX_add_md(context, granted ? EVP_sha256() : EVP_sha512()), 1);
	TS_RESP_CTX_set_serial_cb(context, authority_serial, NULL);
	TS_RESP_CTX_set_time_cb(context, authority_time, &time);
	response = TS_RESP_create_response(context, request);
	assert_non_null(response);
	len = i2d_TS_RESP(response, &bytes);
	assert_true(len > 0);
	buf_add(&out, bytes, (size_t)len);
	OPENSSL_free(bytes);
	TS_RESP_free(response);
	ASN1_OBJECT_free(policy);
	BIO_free(request);
	TS_RESP_CTX_free(context);
	return out;
}

#endif
