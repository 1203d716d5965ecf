import CCurl
import Text

/// A loaded libcurl.
struct CurlLibrary {
  /// The table of its functions, for the calls of `CCurl`.
  let table: OpaquePointer
  /// The path of the certificate file that the library trusts by default; nil if it has none.
  let ownCertificates: String?

  /// The oldest usable version, 7.80: the first one that reports when it begins to write a request.
  static let oldest: UInt32 = 0x07_50_00

  /// Loads the library, or returns the failure that every request then gets.
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

/// A URL parsed by the library, so that the host that is checked is the host that is contacted.
final class CurlURL {
  let handle: OpaquePointer
  private let table: OpaquePointer

  /// Parses a URL; nil if it is invalid, or contains user information and `takesUser` is false.
  ///
  /// `anyScheme` accepts schemes that the library cannot transfer: it rejects a SOCKS proxy's
  /// scheme in a URL otherwise.
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

  /// The scheme, in lower case.
  var scheme: String { part(CURLUPART_SCHEME)?.lowercased() ?? "" }
  /// The host: an address in its normal form, IPv6 in brackets, or a name in lower case.
  var host: String { part(CURLUPART_HOST)?.lowercased() ?? "" }
  /// The port, or the scheme's default if there is none.
  var port: Int { part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap { Int($0) } ?? 0 }
  var givenPort: Int? { part(CURLUPART_PORT).flatMap { Int($0) } }
  /// The user, percent-decoded; `password` is decoded too.
  var user: String? { part(CURLUPART_USER, CURLU_URLDECODE) }
  var password: String? { part(CURLUPART_PASSWORD, CURLU_URLDECODE) }

  private func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
    guard let text = cc_url_part(table, handle, part, UInt32(flags)) else { return nil }
    defer { cc_text_free(table, text) }
    return String(cString: text)
  }
}

/// The facts about a failed transfer that the library's code does not contain.
struct CurlFacts: Hashable {
  var isProxied = false
  /// Whether the request itself was begun, after the proxy's handshake.
  var isBegun = false
  var isTooLarge = false
  var isRepetition = false

  /// Returns the kind of failure for a code of the library.
  static func kind(of code: CURLcode, _ facts: CurlFacts) -> HTTPFailure.Kind {
    if facts.isTooLarge { return .tooLarge }
    if facts.isRepetition { return .interrupted }
    let kind = kinds[code.rawValue] ?? .other
    // A reply that is not HTTP gives the same code as an invalid URL.
    if facts.isBegun, kind == .forbidden { return .other }
    // Before the request began, a broken connection is one to or through the proxy.
    if facts.isProxied, !facts.isBegun, kind == .connect || kind == .interrupted { return .proxy }
    return kind
  }

  /// The kinds of all codes that an HTTP transfer can end with; any other code is `other`.
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
