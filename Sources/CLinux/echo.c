// The declarations of CLinux.h are explained there.
#define _GNU_SOURCE 1
#include "include/CLinux.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

static struct {
  int terminal;
  struct termios modes;
  atomic_bool active;
} asking = {.terminal = -1};

void cl_echo_restore(void) {
  if (atomic_exchange(&asking.active, false))
    tcsetattr(asking.terminal, TCSANOW, &asking.modes);
}

static void on_end(int number) {
  cl_echo_restore();
  // The C library's own two cannot be raised through it.
  if (!cl_signal_ends(number)) _exit(128 + number);
  signal(number, SIG_DFL);
  raise(number);
}

// The two signals that the C library keeps for itself and lets nobody handle; until it needs them, they
// end the program by default. They get from the kernel directly what another signal has.
static void copy_to_library_signals(int number) {
  unsigned long installed[16], present[16]; // more than the kernel's struct has on any machine
  const size_t mask_size = 8;
  if (syscall(SYS_rt_sigaction, number, NULL, installed, mask_size) != 0) return;
  for (int own = SIGSYS + 1; own < SIGRTMIN; own++) {
    memset(present, 0, sizeof present);
    if (syscall(SYS_rt_sigaction, own, NULL, present, mask_size) != 0) continue;
    // The handler comes first.
    if (present[0] == (unsigned long)SIG_DFL || present[0] == (unsigned long)on_end)
      syscall(SYS_rt_sigaction, own, installed, NULL, mask_size);
  }
}

// Gives the signals that end the program by default another manner of doing so.
static void change_ends(void (*from)(int), void (*to)(int)) {
  struct sigaction action, present;
  memset(&action, 0, sizeof action);
  action.sa_handler = to;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_NODEFER;
  for (int number = 1; number <= SIGRTMAX; number++) {
    if (!cl_signal_ends(number) || sigaction(number, NULL, &present) != 0) continue;
    if (!(present.sa_flags & SA_SIGINFO) && present.sa_handler == from)
      sigaction(number, &action, NULL);
  }
  // A free signal, of which nobody else has taken hold.
  if (sigaction(SIGRTMAX, NULL, &present) == 0 && present.sa_handler == to)
    copy_to_library_signals(SIGRTMAX);
}

bool cl_echo_off(int terminal) {
  static atomic_bool is_registered;
  if (tcgetattr(terminal, &asking.modes) != 0) return false;
  if (!atomic_exchange(&is_registered, true)) atexit(cl_echo_restore);
  asking.terminal = terminal;
  change_ends(SIG_DFL, on_end);
  atomic_store(&asking.active, true);
  struct termios silent = asking.modes;
  silent.c_lflag &= ~(tcflag_t)ECHO;
  // What was typed before the question is not an answer to it.
  if (tcsetattr(terminal, TCSAFLUSH, &silent) == 0) return true;
  cl_echo_on();
  return false;
}

void cl_echo_on(void) {
  cl_echo_restore();
  change_ends(on_end, SIG_DFL);
}
