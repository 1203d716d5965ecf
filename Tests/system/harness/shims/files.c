/* Wraps functions of the C library: counts the program's calls for files below a folder and for the
 * network, logs them, and at the nth call kills the program or makes the call fail.
 *
 *   TORTURE_ROOT   the folder; only files below it count
 *   TORTURE_KINDS  which calls count: a list of the names below; all, if not given
 *   TORTURE_NAME   only calls for files whose name contains this count
 *   TORTURE_MATCH  counting begins with the call whose bytes contain this
 *   TORTURE_AT     the number of the call that fails, from 1
 *   TORTURE_DO     kill-before, kill-half (half of the bytes are written), kill-after,
 *                  fail (with TORTURE_ERRNO), short (half of the bytes, then the next one fails)
 *   TORTURE_ON     the calls that fail from then on, a list of names, or `once`
 *   TORTURE_LOG    a file that gets a line for each call, followed by the bytes written
 *   TORTURE_AHEAD  seconds that the clock of the time since boot is ahead
 *
 * A line: number kind inode offset length name [inode name]. Names are below the root.
 */
#include "calls.h"

#define EXPORT __attribute__((visibility("default")))

/* The targets of writes. */

EXPORT ssize_t write(int descriptor, const void *bytes, size_t count) {
    struct call call;
    set_up();
    if (!aims_at(&call, descriptor, "write")) return REAL(write)(descriptor, bytes, count);
    begin(&call, bytes, count);
    if (call.fails) return refuse(&call);
    ssize_t done = REAL(write)(descriptor, bytes, call.is_half ? count / 2 : count);
    end(&call, done >= 0, done < 0 ? 0 : lseek(descriptor, 0, SEEK_CUR) - done, bytes, done);
    return done;
}

EXPORT ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    struct call call;
    set_up();
    if (!aims_at(&call, descriptor, "write"))
        return REAL(pwrite64)(descriptor, bytes, count, offset);
    begin(&call, bytes, count);
    if (call.fails) return refuse(&call);
    ssize_t done = REAL(pwrite64)(descriptor, bytes, call.is_half ? count / 2 : count, offset);
    end(&call, done >= 0, offset, bytes, done);
    return done;
}

EXPORT ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return pwrite64(descriptor, bytes, count, offset);
}

static ssize_t sending(int descriptor, const void *bytes, size_t count, int flags,
                       const struct sockaddr *to, socklen_t length) {
    struct call call;
    set_up();
    if (!aims_at(&call, descriptor, "write"))
        return REAL(sendto)(descriptor, bytes, count, flags, to, length);
    begin(&call, bytes, count);
    if (call.fails) return refuse(&call);
    ssize_t done = REAL(sendto)(
        descriptor, bytes, call.is_half ? count / 2 : count, flags, to, length);
    end(&call, done >= 0, 0, bytes, done);
    return done;
}

EXPORT ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    return sending(descriptor, bytes, count, flags, NULL, 0);
}

EXPORT ssize_t sendto(int descriptor, const void *bytes, size_t count, int flags,
                      const struct sockaddr *to, socklen_t length) {
    return sending(descriptor, bytes, count, flags, to, length);
}

EXPORT int ftruncate64(int descriptor, off64_t size) {
    struct call call;
    set_up();
    if (!aims_at(&call, descriptor, "truncate")) return REAL(ftruncate64)(descriptor, size);
    begin(&call, NULL, 0);
    if (call.fails) return refuse(&call);
    int done = REAL(ftruncate64)(descriptor, size);
    end(&call, done == 0, size, NULL, 0);
    return done;
}

EXPORT int ftruncate(int descriptor, off_t size) { return ftruncate64(descriptor, size); }

/* Calls that reach the disk. */

static int synchronise(int descriptor, int (*real)(int)) {
    struct call call;
    set_up();
    if (!aims_at(&call, descriptor, "sync")) return real(descriptor);
    begin(&call, NULL, 0);
    if (call.fails) return refuse(&call);
    int done = real(descriptor);
    end(&call, done == 0, 0, NULL, 0);
    return done;
}

EXPORT int fsync(int descriptor) { return synchronise(descriptor, REAL(fsync)); }
EXPORT int fdatasync(int descriptor) { return synchronise(descriptor, REAL(fdatasync)); }

/* Names. */

static int names(struct call *call, const char *kind, int folder, const char *path) {
    int saved = errno;
    memset(call, 0, sizeof *call);
    call->kind = kind;
    int matters = name_at(folder, path, call->name);
    errno = saved;
    return matters;
}

static int opening(int folder, const char *path, int flags, mode_t mode) {
    struct call call;
    set_up();
    int (*real)(int, const char *, int, ...) = REAL(openat64);
    if (!(flags & O_CREAT) || !names(&call, "create", folder, path) || inode_at(folder, path))
        return real(folder, path, flags, mode);
    begin(&call, NULL, 0);
    if (call.fails) return refuse(&call);
    int made = real(folder, path, flags, mode);
    if (made >= 0) call.inode = inode_of(made);
    end(&call, made >= 0, 0, NULL, 0);
    return made;
}

#define OPENING(folder) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list more; \
        va_start(more, flags); \
        mode = va_arg(more, mode_t); \
        va_end(more); \
    } \
    return opening(folder, path, flags, mode);

EXPORT int open(const char *path, int flags, ...) { OPENING(AT_FDCWD) }
EXPORT int open64(const char *path, int flags, ...) { OPENING(AT_FDCWD) }
EXPORT int openat(int folder, const char *path, int flags, ...) { OPENING(folder) }
EXPORT int openat64(int folder, const char *path, int flags, ...) { OPENING(folder) }

EXPORT int mkdirat(int folder, const char *path, mode_t mode) {
    struct call call;
    set_up();
    if (!names(&call, "mkdir", folder, path) || inode_at(folder, path))
        return REAL(mkdirat)(folder, path, mode);
    begin(&call, NULL, 0);
    if (call.fails) return refuse(&call);
    int done = REAL(mkdirat)(folder, path, mode);
    if (done == 0) call.inode = inode_at(folder, path);
    end(&call, done == 0, 0, NULL, 0);
    return done;
}

EXPORT int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

EXPORT int renameat(int folder, const char *path, int other, const char *name) {
    struct call call;
    set_up();
    if (!names(&call, "rename", folder, path) || !name_at(other, name, call.other))
        return REAL(renameat)(folder, path, other, name);
    begin(&call, NULL, 0);
    if (call.fails) return refuse(&call);
    call.inode = inode_at(folder, path);
    call.other_inode = inode_at(other, name);
    int done = REAL(renameat)(folder, path, other, name);
    end(&call, done == 0, 0, NULL, 0);
    return done;
}

EXPORT int rename(const char *path, const char *name) {
    return renameat(AT_FDCWD, path, AT_FDCWD, name);
}

EXPORT int unlinkat(int folder, const char *path, int flags) {
    struct call call;
    set_up();
    if (!names(&call, "unlink", folder, path) || !inode_at(folder, path))
        return REAL(unlinkat)(folder, path, flags);
    begin(&call, NULL, 0);
    if (call.fails) return refuse(&call);
    call.inode = inode_at(folder, path);
    int done = REAL(unlinkat)(folder, path, flags);
    end(&call, done == 0, 0, NULL, 0);
    return done;
}

EXPORT int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

/* The clock of the time since boot. */

EXPORT int clock_gettime(clockid_t clock, struct timespec *time) {
    int done = (int)syscall(SYS_clock_gettime, clock, time);
    if (clock == CLOCK_BOOTTIME && done == 0) {
        set_up();
        time->tv_sec += ahead;
    }
    return done;
}
