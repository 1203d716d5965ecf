#include "CSQLite.h"

int cs_bind_text(sqlite3_stmt *statement, int index, const char *bytes, size_t count) {
  return sqlite3_bind_text64(statement, index, bytes, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

int cs_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, size_t count) {
  // SQLite takes a null pointer for NULL, whatever the count.
  if (count == 0) return sqlite3_bind_zeroblob(statement, index, 0);
  return sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}

int cs_set_option(sqlite3 *database, int option, bool on) {
  return sqlite3_db_config(database, option, (int)on, (int *)NULL);
}
