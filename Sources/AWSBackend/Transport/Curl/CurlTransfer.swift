import CCurl
import Text

/// One request in the library's hands, and what has come back of it. Used on its thread only.
final class CurlTransfer {
  let easy: UnsafeMutableRawPointer
  let request: HTTPRequest
  let library: CurlLibrary
  let url: CurlURL
  /// The proxy that it goes through.
  let proxy: Proxy?
  private(set) var headerList: UnsafeMutablePointer<curl_slist>?
  /// The library writes here until the handle is freed.
  private let message: UnsafeMutablePointer<CChar>

  private var headers: [(name: String, value: Untrusted)] = []
  private var headerBytes = 0
  /// The empty line after the headers has come.
  private var hasAllHeaders = false
  private var body: [UInt8] = []
  private var isTooLarge = false
  /// How often the library began to write the request.
  private var beginnings = 0
  /// It wanted to send again what may be sent once.
  private var isRepetition = false

  /// Everything is checked here, before anything is sent.
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

  /// The functions that the library calls, with this transfer as their context.
  func setFunctions() -> CURLcode {
    cc_set_pointer(library.table, easy, CURLOPT_ERRORBUFFER, message)
    return cc_set_functions(
      library.table, easy,
      { bytes, size, count, context in
        CurlTransfer.of(context)?.take(header: bytes, size * count) ?? 0
      },
      { bytes, size, count, context in
        CurlTransfer.of(context)?.take(body: bytes, size * count) ?? 0
      },
      { context, _, _, _, _ in
        CurlTransfer.of(context)?.begin() ?? CURL_PREREQFUNC_ABORT
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: What the library says

  private func begin() -> Int32 {
    beginnings += 1
    guard beginnings > 1, request.isSentAtMostOnce, hasWritten else { return CURL_PREREQFUNC_OK }
    isRepetition = true
    return CURL_PREREQFUNC_ABORT
  }

  /// How many bytes were taken; any other number than `count` ends the transfer.
  private func take(header bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    headerBytes += count
    guard headerBytes <= CurlTransport.headerCap else {
      isTooLarge = true
      return 0
    }
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    // Each response has a status line, and an interim one has another response after it.
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

  private func take(body bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
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

  /// Whether any byte of the request can have reached the server. Bytes may have been written to a
  /// proxy before the request began; a second beginning means that something was written at the first.
  var isSent: Bool { beginnings > 1 || beginnings == 1 && hasWritten }

  func outcome(_ code: CURLcode) -> CurlExchange.Outcome {
    let status = cc_get_long(library.table, easy, CURLINFO_RESPONSE_CODE)
    if code == CURLE_OK {
      // Where there is no tunnel, the proxy's refusal looks like a response.
      guard status != 407 || proxy == nil else {
        return .failure(
          HTTPFailure(.proxy, sent: isSent, detail: detail(Untrusted("response 407"))))
      }
      // The library takes an end among the headers for the end of a response without a body.
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

  /// The library's own words. They never have the proxy's password: it is given to it apart.
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
