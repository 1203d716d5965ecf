import Glibc
import Model
import Text

/// The terminal's settings, from the environment and the configuration.
public struct TerminalSettings: Equatable, Sendable {
  /// The value of `TERM`; nil when unset or empty.
  var name: String?
  /// The characters that may be written to the terminal.
  public var charset: Charset
  var colours: Bool
  /// The time for which an ESC may be alone before it is the Escape key.
  var escapeDelay: Span

  /// Reads the environment; with `SSH_TTY` the default escape delay is 300 ms, otherwise 50 ms.
  ///
  /// Network links tear sequences apart, so an ESC is given more time there.
  public init(
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
  /// The error that is known without opening the terminal; nil when there is no such error.
  public var fault: TerminalFault? {
    guard let name, name != "dumb" else { return .incapable(name: name) }
    return nil
  }
}

/// The reason that the screens cannot be shown; nothing was written to any terminal.
public enum TerminalFault: Error, Equatable {
  /// There is no controlling terminal to open.
  case none
  /// The terminfo database has an entry neither for `TERM` nor for the most common terminal.
  case noEntry(name: String, fallback: String, isDatabaseMissing: Bool)
  /// `TERM` is unset, or `dumb`, or names a terminal whose cursor cannot be placed.
  case incapable(name: String?)
  case failed(call: String, errno: Int32)
}

extension TerminalFault {
  /// The operator's message: the problem, its cause, and the alternative.
  public var text: String {
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

/// The locale, which decides the characters that may be written to the terminal.
public enum TerminalLocale {
  /// Sets this process's LC_CTYPE, and returns the characters that may be written.
  ///
  /// A locale that is UTF-8 by name but not installed here (ssh forwards `LANG` from elsewhere) is
  /// replaced by `C.UTF-8`: without one, ncurses writes and measures single bytes. Any other locale
  /// gets ASCII, which is right on every terminal.
  public static func charset(of environment: [String: String]) -> Charset {
    if setlocale(LC_CTYPE, "") != nil, isUTF8(String(cString: nl_langinfo(Int32(CODESET)))) {
      return .utf8
    }
    let named = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
      .compactMap { environment[$0] }.first { !$0.isEmpty }
    if let codeset = named?.split(separator: ".").last, isUTF8(codeset),
      setlocale(LC_CTYPE, "C.UTF-8") != nil
    {
      return .utf8
    }
    return .ascii
  }

  /// Returns whether a codeset's name means UTF-8: `UTF-8`, `utf8`, `UTF-8@euro`.
  static func isUTF8(_ codeset: some StringProtocol) -> Bool {
    let letters = codeset.utf8.prefix { $0 != UInt8(ascii: "@") }
      .filter { $0 != UInt8(ascii: "-") }
      .map { $0 | 0x20 }
    return letters.elementsEqual("utf8".utf8.map { $0 | 0x20 })
  }
}

/// The clipboard of the machine at which the operator sits, also over ssh, by OSC 52.
enum Clipboard {
  /// The most bytes of text, accepted by all terminals that know OSC 52.
  static let limit = 8_192

  /// Returns the control sequence that copies `text`; nil when it is too long.
  static func sequence(_ text: String) -> String? {
    let encoded = Base64.text(text.utf8)
    guard text.utf8.count <= limit else { return nil }
    return "\u{1B}]52;c;\(encoded)\u{07}"
  }
}
