// Reports locks to the thread sanitizer that it cannot see.
//
// The fast path of Synchronization.Mutex is inlined, where the sanitizer sees it. The slow path is in a
// library that was built without the sanitizer, which then reports the reads of a waiting thread as races.
// Loaded before that library, these functions replace its two slow ones and add the order that they
// establish. Only for test runs: LD_PRELOAD, scripts/test --sanitize thread.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void lock_function(uint32_t thread, SELF void *handle);
typedef SWIFT void unlock_function(SELF void *handle);
typedef void order_function(void *address);

SWIFT void lock(uint32_t thread, SELF void *handle) __asm__(LOCK);
SWIFT void unlock(SELF void *handle) __asm__(UNLOCK);

static void order(const char *name, void *handle) {
  order_function *function = (order_function *)dlsym(RTLD_DEFAULT, name);
  if (function) function(handle);
}

SWIFT void lock(uint32_t thread, SELF void *handle) {
  lock_function *real = (lock_function *)dlsym(RTLD_NEXT, LOCK);
  if (!real) abort();
  real(thread, handle);
  order("__tsan_acquire", handle);
}

SWIFT void unlock(SELF void *handle) {
  order("__tsan_release", handle);
  unlock_function *real = (unlock_function *)dlsym(RTLD_NEXT, UNLOCK);
  if (!real) abort();
  real(handle);
}
