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
  ///
  /// - Parameter pasteLimit: More keys of text than this in one read are a paste.
  mutating func read(at now: Span, pasteLimit: Int = PasteGuess.limit) -> TerminalReading {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    if count > 0 {
      let inputs = decoder.feed(bytes.prefix(count), at: now)
      return .inputs(guess.sift(inputs, limit: pasteLimit, at: now))
    }
    if count < 0, errno == EINTR || errno == EAGAIN { return .inputs([]) }
    return .closed
  }

  /// Whether something was typed that has not been read.
  var isInputWaiting: Bool {
    var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&input, 1, 0) > 0
  }

  /// Throws away what was typed and not yet read. It is decoded all the same: `tcflush` would drop the
  /// head of a sequence or of a paste, and the tail would then be read as keys.
  mutating func flushInput(at now: Span) {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    // Bounded: a paste of many megabytes may be on its way, and its end is its own affair.
    for _ in 0..<64 where isInputWaiting {
      let count = Glibc.read(descriptor, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      decoder.discard(bytes.prefix(count), at: now)
    }
    // Also what had been read before, and is still open.
    decoder.discard([], at: now)
    guess.reset()
  }
}
