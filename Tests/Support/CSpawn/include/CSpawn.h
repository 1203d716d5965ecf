// Starting programs from tests. Foundation.Process learns of a child's end from a socket that the child
// inherits: a tmux server keeps it open, and the wait never returns. Here a child inherits nothing but
// its three streams, and its end is seen through a pidfd.
#ifndef HANDSHAKE_CSPAWN_H
#define HANDSHAKE_CSPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// What a program wrote and how it ended.
struct cs_ending {
  int status; // as waitpid gives it
  bool timed_out; // it was killed because it took too long
  char *output;
  size_t output_length;
  char *errors;
  size_t errors_length;
};

// Runs a program to its end, in a session of its own (it has no terminal), with nothing to read.
// 0, or an errno. The caller releases the ending.
int cs_run(char *const arguments[], char *const environment[], int timeout_milliseconds,
           struct cs_ending *ending);
void cs_release(struct cs_ending *ending);

// Starts a program on a new terminal of that size, as the leader of its session: all three streams are
// the terminal. 0, or an errno; the master's descriptor and the process are the caller's to end.
int cs_start_on_terminal(char *const arguments[], char *const environment[], int rows, int columns,
                         int *master, pid_t *process);
// Waits for the end of a process. False when it takes longer.
bool cs_wait(pid_t process, int timeout_milliseconds, int *status);
// Tells the terminal a new size; the kernel sends SIGWINCH.
bool cs_resize(int master, int rows, int columns);

// Fills columns with wcwidth of the scalars from 0 in C.UTF-8, for this thread alone: Swift's Glibc module
// has no wcwidth. 0, or -1 without that locale.
int cs_widths(signed char *columns, unsigned count);

#endif
