// The system's SQLite, with the few parts of its interface that Swift cannot use by itself.
#ifndef HANDSHAKE_CSQLITE_H
#define HANDSHAKE_CSQLITE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

// Bind a copy of the bytes, which need not end with a NUL and may contain some. SQLITE_TRANSIENT, which
// asks for the copy, is a cast that Swift does not import.
int cs_bind_text(sqlite3_stmt *statement, int index, const char *bytes, size_t count);
int cs_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, size_t count);

// Turns an option of sqlite3_db_config on or off; that function is variadic, which Swift cannot call.
int cs_set_option(sqlite3 *database, int option, bool on);

#endif
