import CCurl
import Text

/// The loaded library.
struct CurlLibrary {
  /// For the functions of `CCurl`.
  let table: OpaquePointer
  /// The file of certificates that the library trusts by itself, where it has one.
  let ownCertificates: String?

  /// The oldest that tells when it begins to write a request.
  static let oldest: UInt32 = 0x07_50_00

  static func open(_ name: String) -> Result<CurlLibrary, HTTPFailure> {
    var reason = [CChar](repeating: 0, count: 512)
    guard let table = cc_open(name, &reason, reason.count) else {
      return .failure(unavailable("\(name) cannot be loaded", reason.prefix { $0 != 0 }))
    }
    guard cc_version(table) >= oldest else {
      return .failure(unavailable("\(name) is older than 7.80", []))
    }
    return .success(
      CurlLibrary(
        table: table, ownCertificates: cc_own_certificates(table).map { String(cString: $0) }))
  }

  private static func unavailable(_ what: String, _ reason: some Sequence<CChar>) -> HTTPFailure {
    let why = Array(reason).map { UInt8(bitPattern: $0) }
    return HTTPFailure(
      .unavailable, sent: false,
      detail: Untrusted(
        bytes: Array("\(what) (Debian's package is libcurl4)".utf8)
          + (why.isEmpty ? [] : Array(": ".utf8) + why)))
  }
}

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

/// What is known of a failed transfer beside the library's code.
struct CurlFacts: Hashable {
  var isProxied = false
  /// The request itself, behind whatever a proxy asked first.
  var isBegun = false
  var isTooLarge = false
  var isRepetition = false

  static func kind(of code: CURLcode, _ facts: CurlFacts) -> HTTPFailure.Kind {
    if facts.isTooLarge { return .tooLarge }
    if facts.isRepetition { return .interrupted }
    let kind = kinds[code.rawValue] ?? .other
    // An answer that is not HTTP has the code of a URL that is not.
    if facts.isBegun, kind == .forbidden { return .other }
    // Before the request began, whatever broke off broke off on the way through the proxy.
    if facts.isProxied, !facts.isBegun, kind == .connect || kind == .interrupted { return .proxy }
    return kind
  }

  /// Every code that an HTTP transfer can end with; the others are `other`.
  private static let kinds: [UInt32: HTTPFailure.Kind] = {
    let byKind: [(HTTPFailure.Kind, [CURLcode])] = [
      (.forbidden, [CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT]),
      (.nameLookup, [CURLE_COULDNT_RESOLVE_HOST]),
      (.connect, [CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED]),
      (
        .tls,
        [
          CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
          CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED,
          CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CLIENTCERT,
        ]
      ),
      (
        .untrusted,
        [
          CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
          CURLE_SSL_INVALIDCERTSTATUS,
        ]
      ),
      (.certificates, [CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE]),
      (.proxy, [CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY]),
      (.timeout, [CURLE_OPERATION_TIMEDOUT]),
      (
        .interrupted,
        [
          CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
          CURLE_SEND_FAIL_REWIND, CURLE_HTTP2, CURLE_HTTP2_STREAM,
        ]
      ),
      (.tooLarge, [CURLE_FILESIZE_EXCEEDED]),
    ]
    var kinds: [UInt32: HTTPFailure.Kind] = [:]
    for (kind, codes) in byKind {
      for code in codes { kinds[code.rawValue] = kind }
    }
    return kinds
  }()
}
