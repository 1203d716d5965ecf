import Glibc
import Model

/// What one look at the terminal's input gave.
enum TerminalReading: Equatable {
  case inputs([TerminalInput])
  /// The terminal is gone.
  case closed
}

extension Terminal {
  /// Reads what is there. Call when `descriptor` is readable; then it does not wait.
  mutating func read(at now: Span) -> TerminalReading {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    if count > 0 {
      let inputs = decoder.feed(bytes.prefix(count), at: now)
      return .inputs(guess.sift(inputs, at: now))
    }
    if count < 0, errno == EINTR || errno == EAGAIN { return .inputs([]) }
    return .closed
  }
}
