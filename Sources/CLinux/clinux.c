// The declarations of CLinux.h are explained there.
#define _GNU_SOURCE 1
#include "include/CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/vfs.h>
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

bool cl_signal_ends(int number) {
  switch (number) {
  case SIGKILL: case SIGSTOP:
  // By default these stop the program, let it go on, or do nothing.
  case SIGCHLD: case SIGCONT: case SIGTSTP: case SIGTTIN: case SIGTTOU: case SIGURG: case SIGWINCH:
  case SIGSEGV: case SIGBUS: case SIGILL: case SIGTRAP: case SIGABRT: case SIGFPE:
    return false;
  }
  // The C library's own lie between the last named signal and the first free one.
  return number >= 1 && number <= SIGRTMAX && (number <= SIGSYS || number >= SIGRTMIN);
}

int cl_signals_ending(int *numbers, int room) {
  int count = 0;
  for (int number = 1; number <= SIGRTMAX && count < room; number++) {
    struct sigaction present;
    if (!cl_signal_ends(number) || sigaction(number, NULL, &present) != 0) continue;
    if (present.sa_handler == SIG_DFL || present.sa_handler == SIG_IGN) numbers[count++] = number;
  }
  return count;
}

void cl_quit_by_default(void) {
  struct sigaction present;
  if (sigaction(SIGQUIT, NULL, &present) == 0 && present.sa_handler != SIG_IGN)
    signal(SIGQUIT, SIG_DFL);
}

static void on_size_limit(int number, siginfo_t *info, void *context) {
  (void)context;
  // The kernel's own is in our name: the write that caused it fails with EFBIG.
  if (info->si_code == SI_USER && info->si_pid == getpid()) return;
  cl_echo_restore();
  signal(number, SIG_DFL);
  raise(number);
}

void cl_size_limit_is_error(void) {
  struct sigaction action, present;
  if (sigaction(SIGXFSZ, NULL, &present) != 0 || present.sa_handler != SIG_DFL) return;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_size_limit;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART;
  sigaction(SIGXFSZ, &action, NULL);
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
  // `cn_stop_job` sends it to the whole job, and stops us by itself. Whoever reads ours here may post it only after
  // the shell let us go on, and we would stop a second time.
  if (info.ssi_signo == SIGTSTP && info.ssi_pid == (uint32_t)getpid()) return 0;
  return (int)info.ssi_signo;
}

int cl_path_flag(void) { return O_PATH; }

bool cl_is_in_proc(int descriptor) {
  struct statfs system;
  return fstatfs(descriptor, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

int cl_memory_file(const char *label) { return memfd_create(label, MFD_CLOEXEC); }

char *const *cl_environment(void) { return environ; }

int cl_rename_new(int folder, const char *name, const char *new_name) {
  return renameat2(folder, name, folder, new_name, RENAME_NOREPLACE);
}

int cl_open_path(int folder, const char *name, int flags) {
  return openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC | flags);
}

void cl_forbid_dumps(void) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
