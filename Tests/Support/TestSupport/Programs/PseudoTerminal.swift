import CSpawn
import Glibc

/// A program on a terminal whose other side is the test: every byte it writes is seen, and the test
/// decides whether anything is read.
public final class PseudoTerminal {
  /// The id of the program's process.
  public let process: pid_t
  private var master: Int32
  private var hasEnded: WaitStatus?
  /// Everything that was written to the terminal, as far as it was read.
  public private(set) var bytes: [UInt8] = []

  /// Starts a program on a new terminal; only this environment reaches it.
  ///
  /// - Throws: `Spawned.Failure` if the terminal cannot be opened or the program not started.
  public init(
    _ arguments: [String], environment: [String: String], columns: Int = 80, rows: Int = 24
  ) throws {
    var master: Int32 = -1
    var process: pid_t = 0
    let failure = CStrings.with(arguments, environment) {
      cs_start_on_terminal($0, $1, Int32(rows), Int32(columns), &master, &process)
    }
    guard failure == 0 else {
      throw Spawned.Failure(program: arguments.first ?? "", errno: failure)
    }
    self.master = master
    self.process = process
  }

  deinit {
    if master >= 0 { close(master) }
    if hasEnded == nil {
      kill(process, SIGKILL)
      _ = ending(seconds: 5)
    }
  }

  /// Reads what has been written up to now.
  public func read() {
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(master, &part, part.count)
      guard count > 0 else { return }
      bytes += part.prefix(count)
    }
  }

  /// Types a text, and reads meanwhile; gives up after `Patience.seconds`.
  public func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    // The line discipline accepts 4 KiB at a time and no more until the program has read.
    _ = Patience.until {
      let count = rest.withUnsafeBytes { Glibc.write(master, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) }
      read()
      return rest.isEmpty
    }
  }

  /// Types without reading, until the program accepts no more for a while: its output is blocked.
  public func fill(with key: String) {
    let bytes = Array(key.utf8)
    var refusals = 0
    while refusals < 20 {
      let taken = Glibc.write(master, bytes, bytes.count) == bytes.count
      refusals = taken ? 0 : refusals + 1
      poll(nil, 0, taken ? 0 : 5)
    }
  }

  /// Reads until nothing has arrived for a while.
  public func settle() {
    var count = -1
    while count != bytes.count {
      count = bytes.count
      poll(nil, 0, 150)
      read()
    }
  }

  /// Returns whether the program writes this; reads meanwhile.
  public func writes(_ text: String, seconds: Int = Patience.seconds) -> Bool {
    Patience.until(seconds: seconds) {
      read()
      return contains(text)
    }
  }

  /// Returns whether the bytes read so far contain `text`, from byte `start` on.
  public func contains(_ text: String, after start: Int = 0) -> Bool {
    let wanted = Array(text.utf8)
    guard bytes.count >= start + wanted.count else { return false }
    return (start...(bytes.count - wanted.count)).contains {
      bytes[$0..<$0 + wanted.count].elementsEqual(wanted)
    }
  }

  /// Sets the size of the terminal, for which the kernel sends SIGWINCH.
  public func resize(columns: Int, rows: Int) {
    _ = cs_resize(master, Int32(rows), Int32(columns))
  }

  /// The terminal's modes, as `stty -g` prints them.
  public var modes: [UInt32] {
    var modes = termios()
    guard tcgetattr(master, &modes) == 0 else { return [] }
    let controls = withUnsafeBytes(of: modes.c_cc) { $0.map { UInt32($0) } }
    return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag] + controls
  }

  /// Sends a signal to the program, unless `ending` has returned its status already.
  public func send(_ signal: Int32) {
    if hasEnded == nil { kill(process, signal) }
  }

  /// Closes the terminal, as closing a window or cutting a link does.
  public func hangUp() {
    close(master)
    master = -1
  }

  /// Waits for the end of the program; returns nil if it still runs after `seconds`.
  ///
  /// Nothing is read from it meanwhile.
  public func ending(seconds: Int = Patience.seconds) -> WaitStatus? {
    if let hasEnded { return hasEnded }
    var status: Int32 = 0
    guard cs_wait(process, Int32(seconds * 1_000), &status) else { return nil }
    hasEnded = WaitStatus(status)
    return hasEnded
  }
}
