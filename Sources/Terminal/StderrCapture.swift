import CLinux
import CNcurses
import Glibc
import Text

/// A capture of stderr, which keeps its text off the screens while they are shown.
struct StderrCapture {
  private let original: Int32
  private let kept: Int32

  /// Redirects stderr to a memory file; nil when it is not a terminal and cannot disturb the
  /// screens.
  ///
  /// Also nil, with stderr unchanged, when the redirection fails.
  init?() {
    guard isatty(STDERR_FILENO) == 1 else { return nil }
    let original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    let kept = cl_memory_file("stderr")
    guard original >= 0, kept >= 0, dup2(kept, STDERR_FILENO) >= 0 else {
      if original >= 0 { close(original) }
      if kept >= 0 { close(kept) }
      return nil
    }
    self.original = original
    self.kept = kept
    cn_guard_set_aside(original, kept)
  }

  /// Restores stderr and prints the captured text to it, made printable; at most 64 KiB or a little
  /// more.
  func show(in charset: Charset) {
    cn_guard_set_aside(-1, -1)
    dup2(original, STDERR_FILENO)
    close(original)
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4_096)
    while bytes.count < 65_536 {
      let count = pread(kept, &part, part.count, off_t(bytes.count))
      guard count > 0 else { break }
      bytes += part.prefix(count)
    }
    close(kept)
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let text = Sanitiser.render(Untrusted(bytes: line), for: .full, in: charset) + "\n"
      text.withCString { _ = write(STDERR_FILENO, $0, strlen($0)) }
    }
  }
}
