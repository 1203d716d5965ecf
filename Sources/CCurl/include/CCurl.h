#ifndef HANDSHAKE_CCURL_H
#define HANDSHAKE_CCURL_H
#include <curl/curl.h>
#endif
