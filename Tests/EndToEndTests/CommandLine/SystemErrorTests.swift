import Glibc
import TestSupport
import Testing

/// The operator's view of file system errors, which a preloaded library injects.
@Suite("File system errors are explained, each with its remedy")
struct SystemErrorTests {
  /// Makes one call fail with an errno; the environment names both.
  private static let library = """
    #define _GNU_SOURCE
    #include <errno.h>
    #include <fcntl.h>
    #include <stdarg.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    static int fails(const char *call) {
      const char *chosen = getenv("TEST_CALL");
      if (chosen == NULL || strcmp(chosen, call) != 0) return 0;
      errno = atoi(getenv("TEST_ERRNO"));
      return 1;
    }
    static int locks(int command) {
      return command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW;
    }
    int fcntl64(int file, int command, ...) {
      va_list rest; va_start(rest, command); void *value = va_arg(rest, void *); va_end(rest);
      if (locks(command) && fails("lock")) return -1;
      return (int)syscall(SYS_fcntl, file, command, value);
    }
    int fcntl(int file, int command, ...) {
      va_list rest; va_start(rest, command); void *value = va_arg(rest, void *); va_end(rest);
      if (locks(command) && fails("lock")) return -1;
      return (int)syscall(SYS_fcntl, file, command, value);
    }
    int flock(int file, int how) { return fails("lock") ? -1 : (int)syscall(SYS_flock, file, how); }
    int mkdirat(int folder, const char *path, unsigned mode) {
      return fails("make") ? -1 : (int)syscall(SYS_mkdirat, folder, path, mode);
    }
    """

  static var compiler: String? {
    ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first { access($0, X_OK) == 0 }
  }

  private func preloaded(_ stage: Stage, _ call: String, _ number: Int32) throws -> [String:
    String]
  {
    let compiler = try #require(Self.compiler)
    try stage.write(Self.library, to: "fails.c")
    let (source, library) = (stage.home.path + "/fails.c", stage.home.path + "/fails.so")
    let made = try Spawned.run(
      [compiler, "-shared", "-fPIC", "-o", library, source], environment: ["PATH": "/usr/bin:/bin"])
    try #require(made.exit == 0, "\(made.errors)")
    return stage.environment.merging([
      "LD_PRELOAD": library, "TEST_CALL": call, "TEST_ERRNO": String(number),
    ]) { $1 }
  }

  @Test(
    "of the journal",
    .disabled(if: Stage.isWatchedForRaces, "the thread sanitizer is preloaded itself"),
    .enabled(if: SystemErrorTests.compiler != nil, "no C compiler is installed"),
    arguments: [
      ("lock", ENOLCK, "file locks", "XDG_STATE_HOME"), ("make", EDQUOT, "quota", "larger quota"),
      ("make", ENOSPC, "no space", "Free space"), ("make", EROFS, "read-only", "Mount it"),
      ("lock", EMFILE, "open files", "ulimit -n"), ("make", EIO, "input/output", "Check the disk"),
    ] as [(String, Int32, String, String)])
  func journal(_ call: String, _ number: Int32, _ words: String, _ remedy: String) throws {
    let stage = try Stage()
    let environment = try preloaded(stage, call, number)
    let listed = try stage.run("list").output.split(separator: "\n")
    let row = try #require(listed.first { $0.contains("\t222233334444\t") })
    let id = String(row.prefix { $0 != "\t" })
    let ending = try Spawned.run(
      [try Stage.program, "decline", id, "--yes", "--reason", "t"], environment: environment)
    #expect(ending.exit == 1)
    #expect(ending.errors.contains(words) && ending.errors.contains(remedy), "\(ending.errors)")
    // Without locks the store is the first that cannot be used.
    #expect(call == "lock" || ending.errors.contains(id), "\(ending.errors)")
    #expect(!ending.errors.contains("errno") && !ending.errors.contains("(\(number))"))
  }

  @Test(
    "of the store: a file system without locks is not reported as another writer",
    .disabled(if: Stage.isWatchedForRaces, "the thread sanitizer is preloaded itself"),
    .enabled(if: SystemErrorTests.compiler != nil, "no C compiler is installed"))
  func store() throws {
    let stage = try Stage()
    let environment = try preloaded(stage, "lock", ENOLCK)
    for command in [["list"], ["local", "init", "--store", stage.home.path + "/new.sqlite"]] {
      let ending = try Spawned.run([try Stage.program] + command, environment: environment)
      #expect(ending.exit == 1)
      #expect(ending.errors.contains("file locks"), "\(ending.errors)")
      #expect(!ending.errors.contains("another process"), "\(ending.errors)")
    }
  }
}
