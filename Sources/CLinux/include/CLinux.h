// The few Linux calls that Swift's Glibc module does not declare.
#ifndef HANDSHAKE_CLINUX_H
#define HANDSHAKE_CLINUX_H

#include <stdbool.h>
#include <stdint.h>

// A counter to poll on, non-blocking, closed on exec; -1 and errno.
int cl_event_open(void);
void cl_event_raise(int descriptor);
void cl_event_clear(int descriptor);

// A descriptor from which the given signals are read; the caller has blocked them. -1 and errno.
int cl_signals_open(const int *numbers, int count);
// The next signal, waiting at most that long (-1: for ever); 0 when none came in time.
int cl_signals_next(int descriptor, int timeout_milliseconds);

// A nameless file in memory, closed on exec; -1 and errno.
int cl_memory_file(const char *label);

// No core dump, no ptrace by the same user, no reading of /proc/PID/environ.
void cl_forbid_dumps(void);

#endif
