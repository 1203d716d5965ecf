import Glibc

/// A private tmux server with one window in which a program runs: its own socket, no configuration,
/// gone at the end.
public final class Tmux {
  private let directory: TemporaryDirectory
  private var socket: String { directory.path + "/tmux" }

  /// What the shell prints after the program, with its exit status: `ended=0`.
  public static let ended = "ended="

  /// Starts a server with one window that runs `command`, a line for `sh`.
  ///
  /// The program gets `environment` and what tmux itself sets. With `isShell` the line is the whole
  /// session; without it the exit status is printed after it (`ended`).
  ///
  /// - Throws: `TemporaryDirectory.Failure`; `Spawned.Failure` if no process can be started,
  ///   `Failure` if tmux is missing or one of its commands fails.
  public init(
    _ command: String, environment: [String: String] = [:], columns: Int = 80, rows: Int = 24,
    isShell: Bool = false
  ) throws {
    directory = try TemporaryDirectory()
    // A `^C` more than the program needed does not close the window: the test must see how it
    // ended.
    let afterwards = "echo \(Self.ended)$?; trap '' INT; exec cat"
    let line = isShell ? command : "trap : INT; \(command); \(afterwards)"
    let variables = environment.sorted { $0.key < $1.key }.flatMap {
      ["-e", "\($0.key)=\($0.value)"]
    }
    try tmux(
      ["-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)"]
        + variables + [line])
    try tmux(["set-option", "-g", "status", "off"])
    try tmux(["set-option", "-g", "escape-time", "0"])
    try tmux(["set-option", "-g", "window-size", "manual"])
  }

  deinit {
    // SAFETY: the server may have ended by itself.
    _ = try? tmux(["kill-server"])
  }

  /// Presses keys, in tmux's names: `j`, `Enter`, `C-c`.
  public func press(_ keys: String...) throws {
    try tmux(["send-keys"] + keys)
  }

  /// Types a text unchanged, all at once.
  public func type(_ text: String) throws {
    try tmux(["send-keys", "-l", text])
  }

  /// Pastes as a terminal does, bracketed when the program has asked for that.
  public func paste(_ text: String) throws {
    try tmux(["set-buffer", text])
    try tmux(["paste-buffer", "-p"])
  }

  /// Sets the size of the window.
  ///
  /// - Throws: `Spawned.Failure` if no process can be started, `Failure` if tmux refuses it.
  public func resize(columns: Int, rows: Int) throws {
    try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// The text on the screen, trailing blanks cut.
  public var screen: String {
    // SAFETY: a server that has ended shows nothing.
    (try? tmux(["capture-pane", "-p"])) ?? ""
  }

  /// The cursor's position, `row,column`, and whether it is shown.
  public var cursor: String {
    (try? tmux(["display-message", "-p", "#{cursor_y},#{cursor_x} #{cursor_flag}"])) ?? ""
  }

  /// Returns whether the main screen is shown again.
  public var isOnMainScreen: Bool {
    let flag = try? tmux(["display-message", "-p", "#{alternate_on}"])
    return flag?.utf8.first == UInt8(ascii: "0")
  }

  /// The process that tmux started in the window: the shell.
  public var shell: pid_t? {
    (try? tmux(["display-message", "-p", "#{pane_pid}"])).flatMap {
      pid_t(String(decoding: $0.utf8.prefix { (0x30...0x39).contains($0) }, as: UTF8.self))
    }
  }

  /// Returns whether the screen shows this in time.
  public func shows(_ text: String, seconds: Int = Patience.seconds) -> Bool {
    Patience.until(seconds: seconds) { screen.contains(text) }
  }

  /// Returns whether this disappears from the screen in time.
  public func hides(_ text: String, seconds: Int = Patience.seconds) -> Bool {
    Patience.until(seconds: seconds) { !screen.contains(text) }
  }

  @discardableResult
  private func tmux(_ arguments: [String]) throws -> String {
    let environment = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": directory.path, "TERM": "xterm-256color",
      "LC_ALL": "C.UTF-8", "TMUX_TMPDIR": directory.path, "SHELL": "/bin/sh",
    ]
    let ending = try Spawned.run(
      ["/usr/bin/env", "tmux", "-u", "-S", socket] + arguments, environment: environment)
    guard ending.exit == 0 else { throw Failure(arguments: arguments, errors: ending.errors) }
    return ending.output
  }

  /// The error of a tmux command that failed, or was killed because it took too long.
  public struct Failure: Error {
    /// The command and its arguments, without the options of the server.
    public var arguments: [String]
    /// What tmux wrote to standard error.
    public var errors: String
  }
}
