#define _GNU_SOURCE
#include "CCurl.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

// Everything that is asked of the library, by name.
#define FUNCTIONS(X)                                                                               \
  X(curl_global_init) X(curl_version_info) X(curl_free)                                            \
  X(curl_easy_init) X(curl_easy_cleanup) X(curl_easy_setopt) X(curl_easy_getinfo)                  \
  X(curl_easy_strerror) X(curl_slist_append) X(curl_slist_free_all)                                \
  X(curl_multi_init) X(curl_multi_cleanup) X(curl_multi_setopt) X(curl_multi_add_handle)           \
  X(curl_multi_remove_handle) X(curl_multi_perform) X(curl_multi_poll) X(curl_multi_info_read)     \
  X(curl_url) X(curl_url_cleanup) X(curl_url_set) X(curl_url_get)

struct cc_curl {
#define FIELD(name) __typeof__(&name) name;
  FUNCTIONS(FIELD)
#undef FIELD
  const curl_version_info_data *version;
};

const cc_curl *cc_open(const char *library, char *failure, size_t failure_size) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char *why = dlerror();
    snprintf(failure, failure_size, "%s", why ? why : library);
    return NULL;
  }
  cc_curl *curl = calloc(1, sizeof *curl);
  if (!curl) {
    snprintf(failure, failure_size, "out of memory");
    return NULL;
  }
#define RESOLVE(name)                                                                              \
  if (!(*(void **)&curl->name = dlsym(handle, #name))) {                                           \
    snprintf(failure, failure_size, "%s has no " #name, library);                                  \
    free(curl);                                                                                    \
    return NULL;                                                                                   \
  }
  FUNCTIONS(RESOLVE)
#undef RESOLVE
  CURLcode code = curl->curl_global_init(CURL_GLOBAL_DEFAULT);
  curl->version = curl->curl_version_info(CURLVERSION_NOW);
  if (code != CURLE_OK || !curl->version) {
    snprintf(failure, failure_size, "%s", curl->curl_easy_strerror(code));
    free(curl);
    return NULL;
  }
  return curl;
}

unsigned cc_version(const cc_curl *curl) { return curl->version->version_num; }

const char *cc_own_certificates(const cc_curl *curl) {
  // The member came with this form of the structure, in 7.70.
  return curl->version->age >= CURLVERSION_SEVENTH ? curl->version->cainfo : NULL;
}

const char *cc_message(const cc_curl *curl, CURLcode code) { return curl->curl_easy_strerror(code); }

CURL *cc_easy_new(const cc_curl *curl) { return curl->curl_easy_init(); }
void cc_easy_free(const cc_curl *curl, CURL *easy) { curl->curl_easy_cleanup(easy); }

CURLcode cc_set_long(const cc_curl *curl, CURL *easy, CURLoption option, long value) {
  return curl->curl_easy_setopt(easy, option, value);
}

CURLcode cc_set_size(const cc_curl *curl, CURL *easy, CURLoption option, int64_t value) {
  return curl->curl_easy_setopt(easy, option, (curl_off_t)value);
}

CURLcode cc_set_text(const cc_curl *curl, CURL *easy, CURLoption option, const char *value) {
  return curl->curl_easy_setopt(easy, option, value);
}

CURLcode cc_set_pointer(const cc_curl *curl, CURL *easy, CURLoption option, void *value) {
  return curl->curl_easy_setopt(easy, option, value);
}

CURLcode cc_set_body(const cc_curl *curl, CURL *easy, const void *bytes, size_t count) {
  // The size first: without it the body would be taken for text that ends in a zero.
  CURLcode code =
      curl->curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  if (code != CURLE_OK) return code;
  return curl->curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, count ? bytes : "");
}

CURLcode cc_set_schemes(const cc_curl *curl, CURL *easy, bool takes_http) {
  CURLcode code =
      curl->curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, takes_http ? "http,https" : "https");
  if (code != CURLE_UNKNOWN_OPTION) return code;
  // Before 7.85: CURLOPT_PROTOCOLS, whose name the newer headers warn of.
  long bits = takes_http ? CURLPROTO_HTTP | CURLPROTO_HTTPS : CURLPROTO_HTTPS;
  return curl->curl_easy_setopt(easy, (CURLoption)181, bits);
}

static curl_socket_t open_socket(
    void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)context;
  (void)purpose;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CURLcode cc_set_sockets(const cc_curl *curl, CURL *easy) {
  return curl->curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
}

CURLcode cc_set_functions(
    const cc_curl *curl, CURL *easy, cc_data_function header, cc_data_function body,
    cc_begin_function begin, void *context) {
  CURLcode code = CURLE_OK;
#define SET(option, value)                                                                         \
  if (code == CURLE_OK) code = curl->curl_easy_setopt(easy, option, value)
  SET(CURLOPT_HEADERFUNCTION, header);
  SET(CURLOPT_HEADERDATA, context);
  SET(CURLOPT_WRITEFUNCTION, body);
  SET(CURLOPT_WRITEDATA, context);
  SET(CURLOPT_PREREQFUNCTION, begin);
  SET(CURLOPT_PREREQDATA, context);
#undef SET
  return code;
}

long cc_get_long(const cc_curl *curl, CURL *easy, CURLINFO info) {
  long value = 0;
  return curl->curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

int64_t cc_get_size(const cc_curl *curl, CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  return curl->curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

struct curl_slist *cc_list_add(const cc_curl *curl, struct curl_slist *list, const char *line) {
  return curl->curl_slist_append(list, line);
}

void cc_list_free(const cc_curl *curl, struct curl_slist *list) { curl->curl_slist_free_all(list); }

CURLM *cc_multi_new(const cc_curl *curl, long connections_kept) {
  CURLM *multi = curl->curl_multi_init();
  if (multi) curl->curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections_kept);
  return multi;
}

void cc_multi_free(const cc_curl *curl, CURLM *multi) { curl->curl_multi_cleanup(multi); }

CURLMcode cc_multi_add(const cc_curl *curl, CURLM *multi, CURL *easy) {
  return curl->curl_multi_add_handle(multi, easy);
}

void cc_multi_remove(const cc_curl *curl, CURLM *multi, CURL *easy) {
  curl->curl_multi_remove_handle(multi, easy);
}

CURLMcode cc_multi_perform(const cc_curl *curl, CURLM *multi) {
  int running = 0;
  return curl->curl_multi_perform(multi, &running);
}

CURLMcode cc_multi_wait(const cc_curl *curl, CURLM *multi, int descriptor, int milliseconds) {
  struct curl_waitfd wake = {.fd = descriptor, .events = CURL_WAIT_POLLIN};
  return curl->curl_multi_poll(multi, &wake, 1, milliseconds, NULL);
}

CURL *cc_multi_ended(const cc_curl *curl, CURLM *multi, CURLcode *code) {
  int left = 0;
  for (CURLMsg *message; (message = curl->curl_multi_info_read(multi, &left));) {
    if (message->msg != CURLMSG_DONE) continue;
    *code = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

CURLU *cc_url_new(const cc_curl *curl) { return curl->curl_url(); }
void cc_url_free(const cc_curl *curl, CURLU *url) { curl->curl_url_cleanup(url); }

CURLUcode cc_url_set(const cc_curl *curl, CURLU *url, const char *text, unsigned flags) {
  return curl->curl_url_set(url, CURLUPART_URL, text, flags);
}

char *cc_url_part(const cc_curl *curl, CURLU *url, CURLUPart part, unsigned flags) {
  char *text = NULL;
  return curl->curl_url_get(url, part, &text, flags) == CURLUE_OK ? text : NULL;
}

void cc_text_free(const cc_curl *curl, char *text) { curl->curl_free(text); }
