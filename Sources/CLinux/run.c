// The declaration of CLinux.h is explained there.
#define _GNU_SOURCE 1
#include "include/CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static long long now_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

bool cl_in_foreground(int terminal) { return isatty(terminal) && tcgetpgrp(terminal) == getpgrp(); }

// `terminal`: what is lent; -1 for nothing.
static int start(const char *path, char *const arguments[], char *const environment[], int terminal,
                 int output, int errors, pid_t *process) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&files);
  if (terminal >= 0) {
    posix_spawn_file_actions_addtcsetpgrp_np(&files, terminal);
    posix_spawn_file_actions_adddup2(&files, terminal, 0);
  } else {
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  }
  posix_spawn_file_actions_adddup2(&files, output, 1);
  posix_spawn_file_actions_adddup2(&files, errors, 2);
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  // A session, which is a group too: without our terminal it can neither draw on the screen nor be
  // stopped for reading from it.
  posix_spawnattr_setflags(&attributes, (terminal >= 0 ? POSIX_SPAWN_SETPGROUP : POSIX_SPAWN_SETSID) |
                                            POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  int failure = posix_spawn(process, path, &files, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return failure;
}

// Takes what is there of standard output. False when there is no more room.
static bool take_output(int *descriptor, struct cl_output *output) {
  while (*descriptor >= 0) {
    uint8_t beyond;
    size_t room = output->output_room - output->output_length;
    uint8_t *place = room ? output->output + output->output_length : &beyond;
    ssize_t count = read(*descriptor, place, room ? room : 1);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return true;
    if (count <= 0) {
      *descriptor = -1;
    } else if (!room) {
      return false;
    } else {
      output->output_length += (size_t)count;
    }
  }
  return true;
}

// Takes what is there of standard error, once around: a program that never stops writing must not
// keep us here.
static void take_errors(int *descriptor, struct cl_output *output) {
  uint8_t rest[4096];
  size_t room = output->errors_room - output->errors_length;
  ssize_t count = room ? read(*descriptor, output->errors + output->errors_length, room)
                       : read(*descriptor, rest, sizeof rest);
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count <= 0) {
    *descriptor = -1;
  } else if (room) {
    output->errors_length += (size_t)count;
  }
}

// Nobody could continue a program that ^Z has stopped: it goes on at once.
static void keep_going(pid_t process) {
  siginfo_t news = {0};
  if (!waitid(P_PID, (id_t)process, &news, WSTOPPED | WNOHANG) && news.si_pid) kill(-process, SIGCONT);
}

// Waits for the end, reading meanwhile. `lent`: the process that has the terminal; 0 for none.
static enum cl_ending follow(int handle, int output, int errors, int cancel, long long end, pid_t lent,
                             struct cl_output *result) {
  for (;;) {
    struct pollfd sources[4] = {{.fd = output, .events = POLLIN},
                                {.fd = errors, .events = POLLIN},
                                {.fd = handle, .events = POLLIN},
                                {.fd = cancel, .events = POLLIN}};
    long long left = end - now_milliseconds();
    if (left <= 0) return CL_TIMED_OUT;
    int ready = poll(sources, 4, lent && left > 250 ? 250 : (int)left);
    if (lent) keep_going(lent);
    if (ready < 0 && errno != EINTR) return CL_TIMED_OUT;
    if (ready <= 0) continue;
    if (sources[3].revents) return CL_CANCELLED;
    if (sources[0].revents && !take_output(&output, result)) return CL_TOO_MUCH;
    if (sources[1].revents) take_errors(&errors, result);
    if (sources[2].revents) {
      // It is gone: what it left in the pipes is all there will be of its own.
      if (!take_output(&output, result)) return CL_TOO_MUCH;
      if (errors >= 0) take_errors(&errors, result);
      return CL_ENDED;
    }
  }
}

int cl_run(const char *path, char *const arguments[], char *const environment[],
           int timeout_milliseconds, enum cl_loan loan, int cancel, struct cl_output *result) {
  int output[2], errors[2], terminal = -1;
  struct termios modes;
  if (pipe2(output, O_CLOEXEC)) return errno;
  if (pipe2(errors, O_CLOEXEC)) {
    int failure = errno;
    close(output[0]);
    close(output[1]);
    return failure;
  }
  // Only our ends: the program's own must block as it expects.
  fcntl(output[0], F_SETFL, O_NONBLOCK);
  fcntl(errors[0], F_SETFL, O_NONBLOCK);
  result->output_length = result->errors_length = 0;
  long long end = now_milliseconds() + timeout_milliseconds;
  if (loan != CL_LENT_NOTHING) terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal >= 0 && (!cl_in_foreground(terminal) || tcgetattr(terminal, &modes))) {
    close(terminal);
    terminal = -1;
  }
  pid_t process;
  int failure =
      start(path, arguments, environment, terminal, output[1],
            terminal >= 0 && loan == CL_LENT_ALL ? terminal : errors[1], &process);
  close(output[1]);
  close(errors[1]);
  if (!failure) {
    int handle = (int)syscall(SYS_pidfd_open, process, 0);
    if (handle < 0) failure = errno;
    else result->ending = follow(handle, output[0], errors[0], cancel, end,
                                    terminal >= 0 ? process : 0, result);
    // Before it is reaped, so that the group's number is still its own.
    kill(-process, SIGKILL);
    while (waitpid(process, &result->status, 0) < 0 && errno == EINTR) {
    }
    if (handle >= 0) close(handle);
  }
  if (terminal >= 0) {
    // From the background for this moment: the signal that would stop us is blocked by the caller.
    tcsetpgrp(terminal, getpgrp());
    tcsetattr(terminal, TCSADRAIN, &modes);
    close(terminal);
  }
  close(output[0]);
  close(errors[0]);
  return failure;
}
