/* Which calls count, which of them fails, and what is logged about each: see files.c. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))next_of(#name))

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char root[512], kinds[256], wanted[32], on[256], part[128], match[128];
static size_t root_length;
static long at, calls, failure, ahead;
static int log_file = -1, is_set_up, was_short, has_begun;

static void *next_of(const char *name) { return dlsym(RTLD_NEXT, name); }

static void copy(char *into, size_t size, const char *name) {
    const char *value = getenv(name);
    snprintf(into, size, "%s", value ? value : "");
}

static long number(const char *name) {
    const char *value = getenv(name);
    return value ? atol(value) : 0;
}

static void set_up(void) {
    if (is_set_up) return;
    is_set_up = 1;
    copy(root, sizeof root, "TORTURE_ROOT");
    root_length = strlen(root);
    copy(kinds, sizeof kinds, "TORTURE_KINDS");
    copy(wanted, sizeof wanted, "TORTURE_DO");
    copy(on, sizeof on, "TORTURE_ON");
    copy(part, sizeof part, "TORTURE_NAME");
    copy(match, sizeof match, "TORTURE_MATCH");
    has_begun = !match[0];
    at = number("TORTURE_AT");
    failure = number("TORTURE_ERRNO");
    ahead = number("TORTURE_AHEAD");
    const char *path = getenv("TORTURE_LOG");
    if (path) log_file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int lists(const char *list, const char *kind) {
    size_t length = strlen(kind);
    for (const char *found = list; (found = strstr(found, kind)); found += length)
        if ((found == list || found[-1] == ',') && (found[length] == 0 || found[length] == ','))
            return 1;
    return 0;
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

/* A call in progress. */
struct call {
    const char *kind;
    char name[512], other[512];
    unsigned long inode, other_inode;
    long number;
    int is_counted, fails, is_half;
};

/* Stores the path below the root in `name`. Returns 0 if it is elsewhere. */
static int below_root(const char *path, char *name) {
    if (!root_length || strncmp(path, root, root_length) != 0 || path[root_length] != '/') return 0;
    snprintf(name, 512, "%s", path + root_length + 1);
    return 1;
}

static int name_of_descriptor(int descriptor, char *name) {
    char link[64], path[1024];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (strcmp(path, root) == 0) { strcpy(name, "."); return 1; }
    return below_root(path, name);
}

static int name_at(int folder, const char *path, char *name) {
    char whole[1024], before[512];
    if (path[0] == '/') return below_root(path, name);
    if (folder == AT_FDCWD) {
        char here[512];
        if (!getcwd(here, sizeof here)) return 0;
        snprintf(whole, sizeof whole, "%s/%s", here, path);
        return below_root(whole, name);
    }
    if (!name_of_descriptor(folder, before)) return 0;
    if (strcmp(before, ".") == 0) snprintf(name, 512, "%s", path);
    else snprintf(name, 512, "%.255s/%.255s", before, path);
    return 1;
}

static unsigned long inode_of(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

static unsigned long inode_at(int folder, const char *path) {
    struct stat status;
    return fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_ino : 0;
}

/* The target of a write; NULL when it does not count. */
static int aims_at(struct call *call, int descriptor, const char *for_files) {
    struct stat status;
    int saved = errno, matters = 0;
    memset(call, 0, sizeof *call);
    if (fstat(descriptor, &status) == 0) {
        if (S_ISSOCK(status.st_mode)) {
            int family = 0;
            socklen_t length = sizeof family;
            matters = getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &length) == 0
                && family != AF_UNIX && strcmp(for_files, "write") == 0;
            call->kind = "send";
            strcpy(call->name, "-");
        } else if (descriptor == 1 && strcmp(for_files, "write") == 0) {
            matters = root_length > 0;
            call->kind = "out";
            strcpy(call->name, "-");
        } else if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) {
            matters = name_of_descriptor(descriptor, call->name);
            call->kind = S_ISDIR(status.st_mode) ? "dirsync" : for_files;
            call->inode = status.st_ino;
        }
    }
    errno = saved;
    return matters;
}

/* Takes the lock, counts, and performs the action before the call. */
static void begin(struct call *call, const void *bytes, size_t length) {
    pthread_mutex_lock(&turn);
    set_up();
    call->is_counted = (!kinds[0] || lists(kinds, call->kind))
        && (!part[0] || strstr(call->name, part));
    if (!has_begun)
        has_begun = call->is_counted && bytes && memmem(bytes, length, match, strlen(match));
    call->is_counted = call->is_counted && has_begun;
    if (!call->is_counted) return;
    call->number = ++calls;
    int is_it = at > 0 && calls == at;
    if (is_it && strcmp(wanted, "kill-before") == 0) die();
    if (is_it && strcmp(wanted, "kill-half") == 0) call->is_half = 1;
    if (is_it && strcmp(wanted, "short") == 0) call->is_half = 1;
    if (was_short) { call->fails = 1; was_short = 0; }
    if (is_it && strcmp(wanted, "fail") == 0) call->fails = 1;
    if (at > 0 && calls > at && strncmp(wanted, "kill", 4) != 0 && lists(on, call->kind))
        call->fails = 1;
    if (call->is_half && strcmp(wanted, "short") == 0) was_short = 1;
}

static void put(const void *bytes, size_t length) {
    if (log_file >= 0) syscall(SYS_write, log_file, bytes, length);
}

/* Logs the call, performs the action after it, and releases the lock. */
static void end(struct call *call, int went_well, long offset, const void *bytes, long length) {
    int saved = errno;
    if (!bytes || length < 0) length = 0;
    if (log_file >= 0) {
        char line[1400];
        int count = snprintf(line, sizeof line, "%ld %s %lu %ld %ld %s %lu %s\n", call->number,
            went_well ? call->kind : "failed", call->inode, offset, length, call->name,
            call->other_inode, call->other[0] ? call->other : "-");
        put(line, count);
        if (length > 0) {
            put(bytes, length);
            put("\n", 1);
        }
    }
    if (call->is_counted && at > 0 && call->number == at && strncmp(wanted, "kill-", 5) == 0) die();
    pthread_mutex_unlock(&turn);
    errno = saved;
}

static int refuse(struct call *call) {
    errno = failure ? failure : EIO;
    end(call, 0, 0, NULL, 0);
    return -1;
}
