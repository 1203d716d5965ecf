#define _GNU_SOURCE 1
#include "include/CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

// A session of its own, no blocked signals, default actions: as a login shell would start it. Streams
// come from `files`; every other descriptor is closed.
static int start(char *const arguments[], char *const environment[], posix_spawn_file_actions_t *files,
                 pid_t *process) {
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_addclosefrom_np(files, 3);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  int failure = posix_spawn(process, arguments[0], files, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  return failure;
}

bool cs_wait(pid_t process, int timeout_milliseconds, int *status) {
  int handle = (int)syscall(SYS_pidfd_open, process, 0);
  if (handle >= 0) {
    struct pollfd ending = {.fd = handle, .events = POLLIN};
    long long end = now_milliseconds() + timeout_milliseconds;
    int ready;
    do {
      long long left = end - now_milliseconds();
      ready = poll(&ending, 1, left < 0 ? 0 : (int)left);
    } while (ready < 0 && errno == EINTR);
    close(handle);
    if (ready <= 0) return false;
  }
  while (waitpid(process, status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

struct stream {
  int descriptor;
  char *bytes;
  size_t length, room;
};

// False at the end of the stream.
static bool take(struct stream *stream) {
  if (stream->room - stream->length < 65536) {
    size_t room = stream->room * 2 + 65536;
    char *larger = realloc(stream->bytes, room);
    if (!larger) return false;
    stream->bytes = larger;
    stream->room = room;
  }
  ssize_t count;
  do {
    count = read(stream->descriptor, stream->bytes + stream->length, 65536);
  } while (count < 0 && errno == EINTR);
  if (count <= 0) return false;
  stream->length += (size_t)count;
  return true;
}

// Reads both streams to their ends; false when that takes too long.
static bool take_all(struct stream streams[2], long long end) {
  struct pollfd sources[2];
  for (int index = 0; index < 2; index++)
    sources[index] = (struct pollfd){.fd = streams[index].descriptor, .events = POLLIN};
  while (sources[0].fd >= 0 || sources[1].fd >= 0) {
    long long left = end - now_milliseconds();
    int ready = poll(sources, 2, left < 0 ? 0 : (int)left);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    for (int index = 0; index < 2; index++)
      if (sources[index].revents && !take(&streams[index])) sources[index].fd = -1;
  }
  return true;
}

int cs_run(char *const arguments[], char *const environment[], int timeout_milliseconds,
           struct cs_ending *ending) {
  int output[2], errors[2];
  if (pipe2(output, O_CLOEXEC)) return errno;
  if (pipe2(errors, O_CLOEXEC)) {
    int failure = errno;
    close(output[0]);
    close(output[1]);
    return failure;
  }
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output[1], 1);
  posix_spawn_file_actions_adddup2(&files, errors[1], 2);
  pid_t process;
  int failure = start(arguments, environment, &files, &process);
  posix_spawn_file_actions_destroy(&files);
  close(output[1]);
  close(errors[1]);

  memset(ending, 0, sizeof *ending);
  if (!failure) {
    long long end = now_milliseconds() + timeout_milliseconds;
    struct stream streams[2] = {{.descriptor = output[0]}, {.descriptor = errors[0]}};
    bool in_time = take_all(streams, end);
    long long left = end - now_milliseconds();
    if (!in_time || !cs_wait(process, left < 0 ? 0 : (int)left, &ending->status)) {
      ending->timed_out = true;
      kill(process, SIGKILL);
      cs_wait(process, 5000, &ending->status);
    }
    ending->output = streams[0].bytes;
    ending->output_length = streams[0].length;
    ending->errors = streams[1].bytes;
    ending->errors_length = streams[1].length;
  }
  close(output[0]);
  close(errors[0]);
  return failure;
}

void cs_release(struct cs_ending *ending) {
  free(ending->output);
  free(ending->errors);
  memset(ending, 0, sizeof *ending);
}

int cs_start_on_terminal(char *const arguments[], char *const environment[], int rows, int columns,
                         int *master, pid_t *process) {
  *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (*master < 0) return errno;
  char name[128];
  if (grantpt(*master) || unlockpt(*master) || ptsname_r(*master, name, sizeof name) ||
      !cs_resize(*master, rows, columns)) {
    int failure = errno;
    close(*master);
    return failure;
  }
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  // A session's leader that opens a terminal makes it the session's.
  posix_spawn_file_actions_addopen(&files, 0, name, O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&files, 0, 1);
  posix_spawn_file_actions_adddup2(&files, 0, 2);
  int failure = start(arguments, environment, &files, process);
  posix_spawn_file_actions_destroy(&files);
  if (failure) close(*master);
  return failure;
}

bool cs_resize(int master, int rows, int columns) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  return ioctl(master, TIOCSWINSZ, &size) == 0;
}
