// The few Linux calls that Swift's Glibc module does not declare.
#ifndef HANDSHAKE_CLINUX_H
#define HANDSHAKE_CLINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A counter to poll on, non-blocking, closed on exec; -1 and errno.
int cl_event_open(void);
void cl_event_raise(int descriptor);
void cl_event_clear(int descriptor);

// Whether a signal's default action ends the program and it can be waited for: not KILL, not those that a
// fault of the program itself raises (SEGV, BUS, ILL, TRAP, ABRT, FPE), and not the two that the C library
// keeps for itself.
bool cl_signal_ends(int number);
// Fills in these signals but for those that somebody has installed a handler for already, and returns how
// many there are.
int cl_signals_ending(int *numbers, int room);

// Gives SIGQUIT its default action again, which Swift's runtime has replaced: it takes the signal for a
// crash. One that is ignored stays so.
void cl_quit_by_default(void);

// Turns the terminal's echo off for a question, and on again. In between, whatever signal or exit ends the
// program turns it on first. False when `terminal` is not a terminal.
bool cl_echo_off(int terminal);
void cl_echo_on(void);
// Turns the echo on if it is off; async-signal-safe.
void cl_echo_restore(void);

// From here on a write beyond the limit of the file size (ulimit -f) fails with EFBIG instead of ending
// the program. SIGXFSZ from anybody else still ends it. For programs that do not block that signal.
void cl_size_limit_is_error(void);

// A descriptor from which the given signals are read; the caller has blocked them. -1 and errno.
int cl_signals_open(const int *numbers, int count);
// The next signal, waiting at most that long (-1: for ever); 0 when none came in time.
int cl_signals_next(int descriptor, int timeout_milliseconds);

// The flag O_PATH, and whether what is open lies in /proc.
int cl_path_flag(void);
bool cl_is_in_proc(int descriptor);

// A nameless file in memory, closed on exec; -1 and errno.
int cl_memory_file(const char *label);

// The number of arguments that `main` gets, the program's name among them; -1 when it is not known. They
// are taken from the C library, which needs no /proc for them.
int cl_argument_count(void);
// The argument at an index; null past the end.
const char *cl_argument(int index);

// The environment, which ends with a null pointer; it may be null itself.
char *const *cl_environment(void);

// Opens a name in a folder to look at it alone (O_PATH, which needs no right to read), not following a
// link, closed on exec; -1 and errno. `flags` are added: O_DIRECTORY.
int cl_open_path(int folder, const char *name, int flags);

// Gives a file in a folder another name there, unless that exists; -1 and errno: EEXIST then, EINVAL or
// ENOSYS where the file system or the kernel cannot do that.
int cl_rename_new(int folder, const char *name, const char *new_name);

// No core dump, no ptrace by the same user, no reading of /proc/PID/environ.
void cl_forbid_dumps(void);

// How a program that `cl_run` started came to its end.
enum cl_ending {
  // It ended by itself: `status` is waitpid's.
  CL_ENDED,
  CL_TIMED_OUT,
  // It wrote more to standard output than there was room for.
  CL_TOO_MUCH,
  CL_CANCELLED,
};

// What a program wrote, into the caller's memory.
struct cl_output {
  // In: where to, and how much there is room for. What standard error has more is let go.
  uint8_t *output, *errors;
  size_t output_room, errors_room;
  // Out.
  size_t output_length, errors_length;
  int status;
  enum cl_ending ending;
};

// What of the terminal a program is lent while it runs: standard input and the foreground, and standard
// error as well.
enum cl_loan { CL_LENT_NOTHING, CL_LENT_INPUT, CL_LENT_ALL };

// Whether `terminal` is one, and this process may read from it now: it is in its foreground.
bool cl_in_foreground(int terminal);

// Runs a program to its end, without a shell: no descriptor but the three streams, a process group of its
// own, no signal blocked or ignored. Without a loan, standard input is empty and the session is its own
// too; with one, the group is in the terminal's foreground until the end, and the terminal's modes are
// then what they were. What is not on the terminal is read while it runs. Whatever the end, the rest of
// its group is killed. `path` is taken as it is. A write to the event `cancel` ends it (-1: none). 0, or
// an errno when it could not be started.
int cl_run(const char *path, char *const arguments[], char *const environment[],
           int timeout_milliseconds, enum cl_loan loan, int cancel, struct cl_output *output);

#endif
