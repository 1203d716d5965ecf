// libcurl without linking it: it and its thirty libraries would cost every start some 12 ms, and most
// starts send nothing. `cc_open` loads it; everything else goes through the table it returns.
#ifndef HANDSHAKE_CCURL_H
#define HANDSHAKE_CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The checking macros would replace calls by name; ours go through pointers.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

// The functions of a loaded libcurl.
typedef struct cc_curl cc_curl;

// Loads the library and starts it up. NULL, and why in `failure`, when that cannot be. Never unloaded;
// to be called once for each name.
const cc_curl *cc_open(const char *library, char *failure, size_t failure_size);
// 0x075801 is 7.88.1.
unsigned cc_version(const cc_curl *curl);
// The file of certificates that the library trusts by itself; NULL for none.
const char *cc_own_certificates(const cc_curl *curl);
const char *cc_message(const cc_curl *curl, CURLcode code);

CURL *cc_easy_new(const cc_curl *curl);
void cc_easy_free(const cc_curl *curl, CURL *easy);

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call.
CURLcode cc_set_long(const cc_curl *curl, CURL *easy, CURLoption option, long value);
CURLcode cc_set_size(const cc_curl *curl, CURL *easy, CURLoption option, int64_t value);
CURLcode cc_set_text(const cc_curl *curl, CURL *easy, CURLoption option, const char *value);
CURLcode cc_set_pointer(const cc_curl *curl, CURL *easy, CURLoption option, void *value);
// Copies the body.
CURLcode cc_set_body(const cc_curl *curl, CURL *easy, const void *bytes, size_t count);
// `https`, or also `http`.
CURLcode cc_set_schemes(const cc_curl *curl, CURL *easy, bool takes_http);
// Sockets are closed on exec: no child is to inherit a connection.
CURLcode cc_set_sockets(const cc_curl *curl, CURL *easy);

typedef size_t (*cc_data_function)(char *bytes, size_t size, size_t count, void *context);
// Called on a connection just before a request is written to it. Not zero stops the transfer.
typedef int (*cc_begin_function)(
    void *context, char *remote, char *local, int remote_port, int local_port);
CURLcode cc_set_functions(
    const cc_curl *curl, CURL *easy, cc_data_function header, cc_data_function body,
    cc_begin_function begin, void *context);

// 0 for what is not known.
long cc_get_long(const cc_curl *curl, CURL *easy, CURLINFO info);
int64_t cc_get_size(const cc_curl *curl, CURL *easy, CURLINFO info);

// NULL when there is no memory; the list stays valid.
struct curl_slist *cc_list_add(const cc_curl *curl, struct curl_slist *list, const char *line);
void cc_list_free(const cc_curl *curl, struct curl_slist *list);

CURLM *cc_multi_new(const cc_curl *curl, long connections_kept);
void cc_multi_free(const cc_curl *curl, CURLM *multi);
CURLMcode cc_multi_add(const cc_curl *curl, CURLM *multi, CURL *easy);
void cc_multi_remove(const cc_curl *curl, CURLM *multi, CURL *easy);
CURLMcode cc_multi_perform(const cc_curl *curl, CURLM *multi);
// Waits for a transfer, for `descriptor` to become readable, or for the time to be up.
CURLMcode cc_multi_wait(const cc_curl *curl, CURLM *multi, int descriptor, int milliseconds);
// The next transfer that ended; NULL when there is no more.
CURL *cc_multi_ended(const cc_curl *curl, CURLM *multi, CURLcode *code);

CURLU *cc_url_new(const cc_curl *curl);
void cc_url_free(const cc_curl *curl, CURLU *url);
CURLUcode cc_url_set(const cc_curl *curl, CURLU *url, const char *text, unsigned flags);
// A copy, for cc_text_free; NULL for a part that is not there.
char *cc_url_part(const cc_curl *curl, CURLU *url, CURLUPart part, unsigned flags);
void cc_text_free(const cc_curl *curl, char *text);

#endif
