#ifndef CSPAWN_H
#define CSPAWN_H
/// Runs argv with stdout+stderr on a pipe (every other descriptor closed), reads it all, waits. Returns the wait status or -errno.
int cs_run(const char *const argv[], const char *const envp[], char **out, long *len);
/// Fills columns with wcwidth of the scalars from 0 in C.UTF-8, for this thread alone. Returns 0, or -1 without that locale.
int cs_widths(signed char *columns, unsigned count);
#endif
