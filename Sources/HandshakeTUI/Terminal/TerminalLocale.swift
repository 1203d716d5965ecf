import Glibc
import Text

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
