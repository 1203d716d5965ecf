import CCurl
import Glibc
import Model
import Signing
import Text

extension CurlTransfer {
  /// Seconds after which a kept connection is not used again.
  private static let idleLimit = 20
  /// Seconds without a byte after which a transfer is given up.
  private static let silenceLimit = 20
  /// Seconds for which a file of certificates is kept as read.
  private static let certificatesKept = 300

  /// Tells the library all about the request. A setting that it does not take is a failure: none of
  /// them may be left out.
  func configure() throws(HTTPFailure) {
    try setRules()
    try setRequest()
    try setHeaders()
    try setTrust()
    try setProxy()
  }

  private func setRules() throws(HTTPFailure) {
    try check(setFunctions())
    try check(cc_set_sockets(library.table, easy))
    try check(cc_set_schemes(library.table, easy, url.scheme == "http"))
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_QUICK_EXIT, 1, since: 0x07_57_00)
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    try set(CURLOPT_PATH_AS_IS, 1)
    try set(CURLOPT_MAXAGE_CONN, Self.idleLimit)
    try set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(request.connectTimeout))
    try set(CURLOPT_TIMEOUT_MS, Self.milliseconds(request.attemptTimeout))
    try set(CURLOPT_LOW_SPEED_LIMIT, 1)
    try set(CURLOPT_LOW_SPEED_TIME, Self.silenceLimit)
    try check(
      cc_set_size(
        library.table, easy, CURLOPT_MAXFILESIZE_LARGE, Int64(CurlTransport.bodyCap)))
  }

  /// At least 1: 0 would mean the library's own.
  private static func milliseconds(_ span: Span) -> Int {
    Int(min(max(span.milliseconds, 1), Int64(Int32.max)))
  }

  private func setRequest() throws(HTTPFailure) {
    try check(
      cc_set_pointer(
        library.table, easy, CURLOPT_CURLU, UnsafeMutableRawPointer(url.handle)))
    guard Self.isToken(request.method) else {
      throw Self.refused("invalid HTTP method")
    }
    guard request.method != "GET" || !request.body.isEmpty else {
      try set(CURLOPT_HTTPGET, 1)
      return
    }
    try set(CURLOPT_POST, 1)
    try check(
      request.body.withUnsafeBytes {
        cc_set_body(library.table, easy, $0.baseAddress, $0.count)
      })
    try set(CURLOPT_CUSTOMREQUEST, request.method)
  }

  private func setHeaders() throws(HTTPFailure) {
    var lines: [String] = []
    // What the library would add by itself.
    var ownNames: Set = ["accept", "content-type", "expect"]
    for (name, value) in request.headers {
      guard Self.isToken(name), value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
      else { throw Self.refused("invalid header") }
      let lowercased = name.lowercased()
      // The library counts, and the body is all that is sent.
      if ["content-length", "transfer-encoding"].contains(lowercased) { continue }
      ownNames.remove(lowercased)
      lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
    }
    lines += ownNames.sorted().map { "\($0):" }
    guard lines.allSatisfy({ add(header: $0) }) else {
      throw HTTPFailure(.other, sent: false, detail: Untrusted("out of memory"))
    }
    try check(cc_set_pointer(library.table, easy, CURLOPT_HTTPHEADER, headerList))
  }

  /// A token of RFC 9110.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || "!#$%&'*+-.^_`|~".utf8.contains($0)
      }
  }

  // MARK: Trust

  private func setTrust() throws(HTTPFailure) {
    try set(CURLOPT_SSL_VERIFYPEER, 1)
    try set(CURLOPT_SSL_VERIFYHOST, 2)
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    try set(CURLOPT_PROXY_SSL_VERIFYPEER, 1)
    try set(CURLOPT_PROXY_SSL_VERIFYHOST, 2)
    try set(CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    try set(CURLOPT_CA_CACHE_TIMEOUT, Self.certificatesKept, since: 0x07_57_00)
    if let path = request.route.certificates {
      try checkReadable(path)
      try set(CURLOPT_CAINFO, path)
      try set(CURLOPT_PROXY_CAINFO, path)
    } else {
      // The file and the directory hold the same; with both the library cannot keep what it read.
      guard let own = library.ownCertificates, access(own, R_OK) == 0 else { return }
    }
    try set(CURLOPT_CAPATH, nil)
    try set(CURLOPT_PROXY_CAPATH, nil)
  }

  /// The library reads the file at the first TLS connection only; a wrong setting is told at once.
  private func checkReadable(_ path: String) throws(HTTPFailure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    var byte: UInt8 = 0
    guard descriptor < 0 || read(descriptor, &byte, 1) < 0 else { return }
    throw HTTPFailure(
      .certificates, sent: false, detail: Untrusted("\(path): \(String(cString: strerror(errno)))"))
  }

  // MARK: Proxies

  private func setProxy() throws(HTTPFailure) {
    // Set even when there is none: else the library asks the environment.
    try set(CURLOPT_NOPROXY, "")
    guard let proxy else { return try set(CURLOPT_PROXY, "") }
    let text = proxy.url.revealedText
    guard
      let address = CurlURL(
        text.contains("://") ? text : "http://\(text)", library, takesUser: true, anyScheme: true),
      ["http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h"].contains(address.scheme)
    else {
      throw HTTPFailure(
        .proxy, sent: false,
        detail: Untrusted(
          bytes: Array("invalid proxy: ".utf8) + proxy.shown.bytes))
    }
    // As the AWS CLI has it; the library's own would be 1080.
    let port = address.givenPort ?? (address.scheme == "http" ? 80 : address.port)
    let portText = port > 0 ? ":\(port)" : ""
    try set(CURLOPT_PROXY, "\(address.scheme)://\(address.host)\(portText)")
    if let user = address.user { try set(CURLOPT_PROXYUSERNAME, user) }
    if let password = address.password { try set(CURLOPT_PROXYPASSWORD, password) }
  }

  // MARK: Setting

  private func set(_ option: CURLoption, _ value: Int) throws(HTTPFailure) {
    try check(cc_set_long(library.table, easy, option, value))
  }

  /// An option that older libraries get by without.
  private func set(_ option: CURLoption, _ value: Int, since version: UInt32) throws(HTTPFailure) {
    if cc_version(library.table) >= version { try set(option, value) }
  }

  private func set(_ option: CURLoption, _ value: String?) throws(HTTPFailure) {
    try check(cc_set_text(library.table, easy, option, value))
  }

  private func check(_ code: CURLcode) throws(HTTPFailure) {
    guard code != CURLE_OK else { return }
    throw HTTPFailure(
      .other, sent: false,
      detail: Untrusted(
        cc_message(library.table, code).map { String(cString: $0) } ?? "\(code.rawValue)"))
  }

  private static func refused(_ why: String) -> HTTPFailure {
    HTTPFailure(.forbidden, sent: false, detail: Untrusted(why))
  }
}
