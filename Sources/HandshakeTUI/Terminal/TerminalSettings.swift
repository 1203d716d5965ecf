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

/// Which characters the operator's terminal can be trusted with.
enum TerminalLocale {
  /// Sets this process's character type, and says which characters may be written.
  ///
  /// A locale that is UTF-8 by name but not installed here (ssh forwards `LANG` from elsewhere)
  /// falls back to `C.UTF-8`: without any, ncurses writes and measures single bytes. Any other
  /// locale gets ASCII, which is right on every terminal.
  static func charset(of environment: [String: String]) -> Charset {
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

  /// `UTF-8`, `utf8`, `UTF-8@euro`.
  static func isUTF8(_ codeset: some StringProtocol) -> Bool {
    let letters = codeset.utf8.prefix { $0 != UInt8(ascii: "@") }
      .filter { $0 != UInt8(ascii: "-") }
      .map { $0 | 0x20 }
    return letters.elementsEqual("utf8".utf8.map { $0 | 0x20 })
  }
}

/// OSC 52: the terminal puts what it is sent into the clipboard of the machine where the operator
/// sits, also over ssh.
enum Clipboard {
  /// What terminals accept everywhere.
  static let limit = 8_192

  /// The sequence for this text; nil when it is too long.
  static func sequence(_ text: String) -> String? {
    let encoded = base64(Array(text.utf8))
    guard text.utf8.count <= limit else { return nil }
    return "\u{1B}]52;c;\(encoded)\u{07}"
  }

  static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for index in 0..<4 {
        let digit = alphabet[bits >> (18 - 6 * index) & 63]
        out.append(index <= group.count ? digit : UInt8(ascii: "="))
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
