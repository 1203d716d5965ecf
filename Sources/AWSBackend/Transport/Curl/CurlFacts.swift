import CCurl

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
