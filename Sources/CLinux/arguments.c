// The declarations of CLinux.h are explained there.
#include "include/CLinux.h"

static int count = -1;
static char *const *words;

// glibc calls the functions of .init_array with what main gets. They run before Swift's runtime, which
// reads the arguments from /proc/self/cmdline and finds none where /proc is not mounted.
__attribute__((constructor)) static void keep_arguments(int argc, char **argv, char **envp) {
  (void)envp;
  count = argc;
  words = argv;
}

int cl_argument_count(void) { return words == 0 ? -1 : count; }

const char *cl_argument(int index) {
  return words == 0 || index < 0 || index >= count ? 0 : words[index];
}
