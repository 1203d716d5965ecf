import CCurl
import Glibc
import Model
import Signing
import Text

/// A request that the library is transferring, with the part of its reply received so far.
///
/// Used on the library's thread only.
final class CurlTransfer {
  let easy: UnsafeMutableRawPointer
  let request: HTTPRequest
  let library: CurlLibrary
  let url: CurlURL
  /// The proxy to use; nil for none.
  let proxy: Proxy?
  private(set) var headerList: UnsafeMutablePointer<curl_slist>?
  /// The buffer to which the library writes error messages until the handle is freed.
  private let message: UnsafeMutablePointer<CChar>

  private var headers: [(name: String, value: Untrusted)] = []
  private var headerBytes = 0
  /// Whether the empty line after the headers was received.
  private var hasAllHeaders = false
  private var body: [UInt8] = []
  private var isTooLarge = false
  /// The number of times that the library began to write the request.
  private var beginnings = 0
  /// Whether the library tried to send a request again that may be sent only once.
  private var isRepetition = false

  /// Prepares the transfer of a request; nothing is sent yet.
  ///
  /// - Throws: `HTTPFailure` with `.forbidden` if the URL, its scheme for this host, the method or
  ///   a header is invalid, `.certificates` if the certificate file cannot be read, `.proxy` if the
  ///   proxy's URL is invalid, and `.other` if the library is out of memory or rejects an option.
  init(_ request: HTTPRequest, _ library: CurlLibrary) throws(HTTPFailure) {
    guard let url = CurlURL(request.url, library) else {
      throw HTTPFailure(
        .forbidden, sent: false, detail: Untrusted("invalid URL"))
    }
    guard HostRule.permits(scheme: url.scheme, host: url.host) else {
      throw HTTPFailure(
        .forbidden, sent: false,
        detail: Untrusted("\(url.scheme) is not allowed for \(url.host)"))
    }
    guard let easy = cc_easy_new(library.table) else {
      throw HTTPFailure(.other, sent: false, detail: Untrusted("out of memory"))
    }
    self.easy = easy
    self.request = request
    self.library = library
    self.url = url
    proxy =
      request.usesProxy
      ? request.route.proxies?.proxy(
        isEncrypted: url.scheme == "https", host: url.host, port: url.port) : nil
    message = .allocate(capacity: Int(CURL_ERROR_SIZE))
    message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    try configure()
  }

  deinit {
    cc_easy_free(library.table, easy)
    cc_list_free(library.table, headerList)
    message.deallocate()
  }

  func add(header line: String) -> Bool {
    guard let list = cc_list_add(library.table, headerList, line) else { return false }
    headerList = list
    return true
  }

  /// Sets the functions that the library calls, with this transfer as their context.
  func setFunctions() -> CURLcode {
    cc_set_pointer(library.table, easy, CURLOPT_ERRORBUFFER, message)
    return cc_set_functions(
      library.table, easy,
      { bytes, size, count, context in
        CurlTransfer.of(context)?.receive(header: bytes, size * count) ?? 0
      },
      { bytes, size, count, context in
        CurlTransfer.of(context)?.receive(body: bytes, size * count) ?? 0
      },
      { context, _, _, _, _ in
        CurlTransfer.of(context)?.begin() ?? CURL_PREREQFUNC_ABORT
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: Callbacks

  private func begin() -> Int32 {
    beginnings += 1
    guard beginnings > 1, request.isSentAtMostOnce, hasWritten else { return CURL_PREREQFUNC_OK }
    isRepetition = true
    return CURL_PREREQFUNC_ABORT
  }

  /// Reads a header line and returns the number of bytes accepted; a number other than `count` ends
  /// the transfer.
  private func receive(header bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    headerBytes += count
    guard headerBytes <= CurlTransport.headerCap else {
      isTooLarge = true
      return 0
    }
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    // Each response has a status line; an interim one is followed by another response.
    if line.starts(with: "HTTP/".utf8) {
      headers = []
      hasAllHeaders = false
    } else if line.elementsEqual("\r\n".utf8) || line.elementsEqual("\n".utf8) {
      hasAllHeaders = true
    } else if let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 {
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      headers.append((name, Untrusted(bytes: Self.trimmed(line[(colon + 1)...]))))
    }
    return count
  }

  private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
    let isBlank = { (byte: UInt8) in " \t\r\n".utf8.contains(byte) }
    let start = bytes.drop(while: isBlank)
    let end = start.lastIndex { !isBlank($0) }
    return end.map { Array(start[...$0]) } ?? []
  }

  private func receive(body bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    guard body.count + count <= CurlTransport.bodyCap else {
      isTooLarge = true
      return 0
    }
    body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
    return count
  }

  // MARK: The end

  private var hasWritten: Bool {
    cc_get_long(library.table, easy, CURLINFO_REQUEST_SIZE) > 0
      || cc_get_size(library.table, easy, CURLINFO_SIZE_UPLOAD_T) > 0
  }

  /// Whether any byte of the request can have reached the server.
  ///
  /// Bytes may have been written to a proxy before the request began. A second beginning means that
  /// something was written at the first.
  var isSent: Bool { beginnings > 1 || beginnings == 1 && hasWritten }

  /// Returns the response or the failure of the ended transfer.
  func outcome(_ code: CURLcode) -> CurlExchange.Outcome {
    let status = cc_get_long(library.table, easy, CURLINFO_RESPONSE_CODE)
    if code == CURLE_OK {
      // Without a tunnel, the proxy's refusal looks like a response.
      guard status != 407 || proxy == nil else {
        return .failure(
          HTTPFailure(.proxy, sent: isSent, detail: detail(Untrusted("response 407"))))
      }
      // The library treats an end within the headers as the end of a response without a body.
      guard hasAllHeaders else {
        return .failure(
          HTTPFailure(
            .interrupted, sent: isSent,
            detail: detail(Untrusted("the connection was closed within the headers"))))
      }
      return .success(HTTPResponse(status: Int(status), headers: headers, body: body))
    }
    let facts = CurlFacts(
      isProxied: proxy != nil, isBegun: beginnings > 0, isTooLarge: isTooLarge,
      isRepetition: isRepetition)
    return .failure(
      HTTPFailure(
        CurlFacts.kind(of: code, facts), sent: isSent,
        detail: detail(
          isRepetition ? Untrusted("the connection was closed before a reply") : words(code))))
  }

  /// Returns the library's message; it never contains the proxy's password, which is passed
  /// separately.
  private func words(_ code: CURLcode) -> Untrusted {
    let own = UnsafeBufferPointer(start: message, count: Int(CURL_ERROR_SIZE))
      .prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    guard own.isEmpty else { return Untrusted(bytes: own) }
    return Untrusted(cc_message(library.table, code).map { String(cString: $0) } ?? "")
  }

  private func detail(_ words: Untrusted) -> Untrusted {
    guard let proxy else { return words }
    return Untrusted(
      bytes: Array("by the proxy ".utf8) + proxy.shown.bytes + Array(": ".utf8) + words.bytes)
  }
}

extension CurlTransfer {
  /// The time in seconds after which an idle connection is not used again.
  private static let idleLimit = 20
  /// The time in seconds without a byte after which a transfer fails.
  private static let silenceLimit = 20
  /// The time in seconds for which a parsed certificate file is cached.
  private static let certificatesKept = 300

  /// Sets every option of the request in the library.
  ///
  /// - Throws: `HTTPFailure` if a part of the request is invalid or the library rejects an option;
  ///   none of the options may be missing.
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

  /// Returns the time in milliseconds, at least 1, since 0 would select the library's default.
  private static func milliseconds(_ span: Span) -> Int {
    Int(min(max(span.milliseconds, 1), Int64(Int32.max)))
  }

  private func setRequest() throws(HTTPFailure) {
    try check(
      cc_set_pointer(
        library.table, easy, CURLOPT_CURLU, UnsafeMutableRawPointer(url.handle)))
    guard !request.method.isEmpty, request.method.utf8.allSatisfy(\.isHTTPToken) else {
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
    // The headers that the library would add by itself.
    var ownNames: Set = ["accept", "content-type", "expect"]
    for (name, value) in request.headers {
      guard !name.isEmpty, name.utf8.allSatisfy(\.isHTTPToken),
        value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
      else { throw Self.refused("invalid header") }
      let lowercased = name.lowercased()
      // The library computes these; the whole body is sent.
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
      // The file and the directory contain the same certificates; with both the library cannot
      // cache them.
      guard let own = library.ownCertificates, access(own, R_OK) == 0 else { return }
    }
    try set(CURLOPT_CAPATH, nil)
    try set(CURLOPT_PROXY_CAPATH, nil)
  }

  /// Checks that the certificate file is readable.
  ///
  /// The library reads it at the first TLS connection only; a wrong setting is reported at once.
  ///
  /// - Throws: `HTTPFailure` with `.certificates` if the file cannot be opened or read.
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
    // Set even without a proxy: otherwise the library reads the environment.
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
    // The AWS CLI's default; the library's own would be 1080.
    let port = address.givenPort ?? (address.scheme == "http" ? 80 : address.port)
    let portText = port > 0 ? ":\(port)" : ""
    try set(CURLOPT_PROXY, "\(address.scheme)://\(address.host)\(portText)")
    if let user = address.user { try set(CURLOPT_PROXYUSERNAME, user) }
    if let password = address.password { try set(CURLOPT_PROXYPASSWORD, password) }
  }

  // MARK: Options

  private func set(_ option: CURLoption, _ value: Int) throws(HTTPFailure) {
    try check(cc_set_long(library.table, easy, option, value))
  }

  /// Sets an option that older libraries do not need.
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
