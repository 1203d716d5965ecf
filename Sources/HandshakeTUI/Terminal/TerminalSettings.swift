import Glibc
import Model
import Text

/// How the terminal wants to be treated, from the environment and the configuration.
struct TerminalSettings: Equatable, Sendable {
  /// `TERM`; nil when unset or empty.
  var name: String?
  var charset: Charset
  var colours: Bool
  /// How long an ESC may stay alone before it counts as the Escape key.
  var escapeDelay: Span

  /// A link over the network tears sequences apart, so an ESC is given more time there.
  init(
    environment: [String: String], forceASCII: Bool = false, escapeDelay: Span? = nil
  ) {
    func value(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    name = value("TERM")
    charset = forceASCII ? .ascii : TerminalLocale.charset(of: environment)
    colours = value("NO_COLOR") == nil
    self.escapeDelay =
      escapeDelay ?? Span(milliseconds: value("SSH_TTY") == nil ? 50 : 300)
  }
}

extension TerminalSettings {
  /// What can be told without looking at the terminal: nil when it may do.
  var fault: TerminalFault? {
    guard let name, name != "dumb" else { return .incapable(name: name) }
    return nil
  }
}

/// Why the screens cannot be shown. Nothing was written to any terminal.
enum TerminalFault: Error, Equatable {
  /// There is no controlling terminal to open.
  case none
  /// The terminfo database has an entry neither for `TERM` nor for the most common terminal.
  case noEntry(name: String, fallback: String, isDatabaseMissing: Bool)
  /// `TERM` is unset, or `dumb`, or names a terminal whose cursor cannot be placed.
  case incapable(name: String?)
  case failed(call: String, errno: Int32)
}

extension TerminalFault {
  /// What, why, and what to do instead.
  var text: String {
    let instead =
      "Without a screen: handshake list, handshake show ID, handshake accept ID."
    switch self {
    case .none:
      return "The screens need a terminal; this process has none. \(instead)"
    case .incapable(nil):
      return "The screens need TERM, which is not set. \(instead)"
    case .incapable(let name?):
      let shown = Sanitiser.render(Untrusted(name), for: .cell, in: .ascii)
      return "The screens cannot place a cursor on the terminal TERM=\(shown). \(instead)"
    case .noEntry(let name, let fallback, let isMissing):
      let shown = Sanitiser.render(Untrusted(name), for: .cell, in: .ascii)
      let what =
        isMissing
        ? "The terminfo database is missing here, so no terminal can be drawn on (TERM=\(shown))."
        : "The terminfo database here is incomplete: it has no entry for TERM=\(shown) and none for "
          + "\(fallback)."
      return
        "\(what) Install ncurses-base and ncurses-term, or name the database's folder in TERMINFO. "
        + instead
    case .failed(let call, let number):
      return
        "The terminal cannot be used (\(call): \(SystemError(number).words)). \(instead)"
    }
  }
}
