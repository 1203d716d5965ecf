// The declarations of CLinux.h are explained there.
#define _GNU_SOURCE 1
#include "include/CLinux.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

int cl_event_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void cl_event_raise(int descriptor) {
  uint64_t one = 1;
  while (write(descriptor, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

void cl_event_clear(int descriptor) {
  uint64_t count;
  while (read(descriptor, &count, sizeof count) < 0 && errno == EINTR) {
  }
}

int cl_signals_open(const int *numbers, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int index = 0; index < count; index++) sigaddset(&set, numbers[index]);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int cl_signals_next(int descriptor, int timeout_milliseconds) {
  struct pollfd waiting = {.fd = descriptor, .events = POLLIN};
  int ready;
  do {
    ready = poll(&waiting, 1, timeout_milliseconds);
  } while (ready < 0 && errno == EINTR);
  struct signalfd_siginfo info;
  if (ready <= 0 || read(descriptor, &info, sizeof info) != sizeof info) return 0;
  return (int)info.ssi_signo;
}

int cl_memory_file(const char *label) { return memfd_create(label, MFD_CLOEXEC); }

void cl_forbid_dumps(void) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
