// The declarations of CNcurses.h are explained there; here is only what an implementation has to say.
#define _GNU_SOURCE 1
#include "include/CNcurses.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

int cn_add_glyph(WINDOW *window, const wchar_t *scalars) {
  cchar_t glyph;
  if (setcchar(&glyph, scalars, A_NORMAL, 0, NULL) == ERR) return waddwstr(window, scalars);
  return wadd_wch(window, &glyph);
}

const char *cn_capability(const char *name) {
  const char *found = tigetstr((char *)name);
  return found == (char *)-1 ? NULL : found;
}

// <term.h> has macros named after capabilities: lines, columns, bell …
extern int setupterm(const char *, int, int *);

cn_entry cn_look_up(const char *name, int descriptor) {
  int found = 0;
  if (setupterm(name, descriptor, &found) == OK) return cn_entry_found;
  if (found > 0) return cn_entry_hardcopy;
  return found < 0 ? cn_entry_no_database : cn_entry_unknown;
}

static bool has(const char *name) { return cn_capability(name) != NULL; }

bool cn_can_place_cursor(void) {
  if (has("cup") || (has("hpa") && has("vpa"))) return true;
  if (!has("cud1") || !has("cuf1")) return false;
  // Clearing the screen brings the cursor to a known place once; from there it has to go every way.
  return has("home") || (has("clear") && has("cuu1") && has("cub1"));
}

bool cn_window_size(int descriptor, int *rows, int *columns) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return false;
  if (size.ws_row == 0 || size.ws_col == 0) return false;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return true;
}

const char *cn_scrolling(int rows) {
  const char *region = cn_capability("csr");
  if (region == NULL) return NULL;
  const char *rest = tparm((char *)region, 0, rows - 1, 0, 0, 0, 0, 0, 0, 0);
  static char plain[128];
  size_t count = 0;
  while (*rest != 0 && count < sizeof plain - 1) {
    const char *end = rest[0] == '$' && rest[1] == '<' ? strchr(rest, '>') : NULL;
    if (end != NULL) {
      rest = end + 1;
    } else {
      plain[count++] = *rest++;
    }
  }
  plain[count] = 0;
  return plain;
}

void cn_stop_job(void) {
  // newterm may have installed a handler; stopping is the default action.
  signal(SIGTSTP, SIG_DFL);
  kill(0, SIGTSTP); // blocked here; it stops the others of the job (make, a pipe's neighbours)
  sigset_t stop, before;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  // Ours is taken back, unless the signalfd's reader was quicker: it would stop us a second time, right
  // after the shell let us go on.
  struct timespec none = {0, 0};
  sigtimedwait(&stop, NULL, &none);
  pthread_sigmask(SIG_UNBLOCK, &stop, &before);
  pthread_kill(pthread_self(), SIGTSTP);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  // The kernel does not stop a job that no shell could continue. Then nobody sends SIGCONT either, and
  // whoever waits for it waits for ever.
  kill(getpid(), SIGCONT);
}

// MARK: Putting the terminal back

// X10, highlight, UTF-8, urxvt and pixel mouse; the mouse modes in common use; focus; kitty's keyboard
// protocol; modifyOtherKeys. Terminal.app takes the last one for underlining, which `CSI m` ends.
#define OLD_MOUSE_OFF "\033[?9;1001;1005;1015;1016l"
#define MOUSE_OFF "\033[?1000;1002;1003;1006l"
#define KEY_REPORTS_OFF "\033[?1004l\033[<u\033[>4m"

const char *cn_reporting_off(void) { return OLD_MOUSE_OFF MOUSE_OFF KEY_REPORTS_OFF "\033[m"; }

// Mouse, bracketed paste, focus and key reports off, wrap on, whole-screen scrolling, shift in, ASCII,
// plain, cursor shown, main screen, numeric keypad, plain arrows.
static const char restoring[] =
    OLD_MOUSE_OFF MOUSE_OFF "\033[?2004l" KEY_REPORTS_OFF "\033[?7h\033[r\017\033(B\033[m"
    "\033[?25h\033[?1049l\033>\033[?1l";

static struct {
  int emergency; // non-blocking, so that a stalled terminal cannot hold us
  struct termios modes;
  atomic_bool active;
  atomic_int original_stderr;
  atomic_int kept;
} guard = {.emergency = -1, .original_stderr = -1, .kept = -1};

void cn_guard_restore(void) {
  if (!atomic_exchange(&guard.active, false)) return;
  const ssize_t size = sizeof restoring - 1;
  const struct timespec moment = {0, 5000000};
  for (int attempt = 0; attempt < 20 && write(guard.emergency, restoring, size) != size; attempt++) {
    // No room, or somebody holds the terminal who waits for some. What was painted and not taken yet is
    // of no use any more; dropping it makes room, but wakes nobody: starting the output again does.
    tcflush(guard.emergency, TCOFLUSH);
    tcflow(guard.emergency, TCOOFF);
    tcflow(guard.emergency, TCOON);
    nanosleep(&moment, NULL);
  }
  tcsetattr(guard.emergency, TCSANOW, &guard.modes);
}

static void show_what_was_kept(void) {
  int original = atomic_load(&guard.original_stderr), kept = atomic_load(&guard.kept);
  if (original < 0 || kept < 0) return;
  char part[4096];
  off_t from = 0;
  ssize_t count;
  while (from < 65536 && (count = pread(kept, part, sizeof part, from)) > 0) {
    for (ssize_t index = 0; index < count; index++) {
      unsigned char byte = (unsigned char)part[index];
      if ((byte < 0x20 && byte != '\n') || byte >= 0x7f) part[index] = '?';
    }
    ssize_t written = write(original, part, (size_t)count);
    if (written < 0) return;
    from += count;
  }
}

static void on_crash(int number) {
  cn_guard_restore();
  show_what_was_kept();
  // The C library's own signals cannot be raised through it.
  if (number > SIGSYS && number < SIGRTMIN) _exit(128 + number);
  raise(number); // SA_RESETHAND: the default action this time
}

// The C library keeps two signals for itself and lets nobody block or handle them. Until it needs them
// their default action ends the program, so they get the crash handler from the kernel directly, in the
// form in which the C library has just installed it for another signal.
static void guard_library_signals(void) {
  unsigned long installed[16], present[16]; // more than the kernel's struct has on any machine
  const size_t mask_size = 8;
  if (syscall(SYS_rt_sigaction, SIGSEGV, NULL, installed, mask_size) != 0) return;
  for (int number = SIGSYS + 1; number < SIGRTMIN; number++) {
    memset(present, 0, sizeof present);
    if (syscall(SYS_rt_sigaction, number, NULL, present, mask_size) != 0) continue;
    // The handler comes first.
    if (present[0] == (unsigned long)SIG_DFL)
      syscall(SYS_rt_sigaction, number, installed, NULL, mask_size);
  }
}

bool cn_guard_prepare(int terminal) {
  if (tcgetattr(terminal, &guard.modes) != 0) return false;
  guard.emergency = open("/dev/tty", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (guard.emergency < 0) return false;

  static char stack[65536]; // an overflowed stack cannot run a handler
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);

  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_crash;
  sigfillset(&action.sa_mask);
  action.sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER;
  const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
  for (size_t index = 0; index < sizeof crashes / sizeof crashes[0]; index++)
    sigaction(crashes[index], &action, NULL);
  guard_library_signals();
  return true;
}

void cn_guard_set_active(bool active) { atomic_store(&guard.active, active); }

void cn_guard_set_aside(int original_stderr, int kept) {
  atomic_store(&guard.original_stderr, original_stderr);
  atomic_store(&guard.kept, kept);
}
