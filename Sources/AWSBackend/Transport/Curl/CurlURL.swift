import CCurl
import Text

/// A URL as the library itself reads it, so that what is checked is what will be asked.
final class CurlURL {
  let handle: OpaquePointer
  private let table: OpaquePointer

  /// Nil for what is no URL, or has user information where that is not allowed.
  ///
  /// - Parameter anyScheme: Whether the library need not know how to ask by the scheme itself: it does
  ///   not take that of a SOCKS proxy for one of a URL.
  init?(_ text: String, _ library: CurlLibrary, takesUser: Bool = false, anyScheme: Bool = false) {
    guard let handle = cc_url_new(library.table) else { return nil }
    self.handle = handle
    table = library.table
    let flags =
      CURLU_PATH_AS_IS | (takesUser ? 0 : CURLU_DISALLOW_USER)
      | (anyScheme ? CURLU_NON_SUPPORT_SCHEME : 0)
    guard !text.utf8.contains(0),
      cc_url_set(library.table, handle, text, UInt32(flags)) == CURLUE_OK
    else { return nil }
  }

  deinit { cc_url_free(table, handle) }

  /// In lower case.
  var scheme: String { part(CURLUPART_SCHEME)?.lowercased() ?? "" }
  /// An address in its normal form, IPv6 in brackets; names in lower case.
  var host: String { part(CURLUPART_HOST)?.lowercased() ?? "" }
  /// The scheme's own where none is given.
  var port: Int { part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap { Int($0) } ?? 0 }
  var givenPort: Int? { part(CURLUPART_PORT).flatMap { Int($0) } }
  /// Both decoded.
  var user: String? { part(CURLUPART_USER, CURLU_URLDECODE) }
  var password: String? { part(CURLUPART_PASSWORD, CURLU_URLDECODE) }

  private func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
    guard let text = cc_url_part(table, handle, part, UInt32(flags)) else { return nil }
    defer { cc_text_free(table, text) }
    return String(cString: text)
  }
}
