import Text

/// The URL of an endpoint: scheme, host, port and path; no user, query or fragment.
///
/// It is parsed here, on ASCII, so that the host cannot be read differently by the transport.
struct EndpointURL: Hashable, Sendable {
  let isHTTPS: Bool
  /// The host in lower case; an IPv6 address with its brackets.
  var host: String
  /// The port; nil for the scheme's default.
  let port: Int?
  /// The path: empty, or beginning with `/`; without a slash at the end.
  let path: String

  /// The message for an invalid URL; it does not contain the text, which may have a password.
  static let demand = "not the URL of an endpoint (https://host[:port][/path])"

  var url: String { (isHTTPS ? "https://" : "http://") + hostHeader + path }
  var hostHeader: String { port.map { "\(host):\($0)" } ?? host }

  init?(_ text: Untrusted) {
    guard let text = text.asciiText else { return nil }
    var rest = Array(text.utf8)[...]
    guard let isHTTPS = Self.scheme(&rest) else { return nil }
    let authorityEnd = rest.firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? rest.endIndex
    let authority = rest[..<authorityEnd]
    guard let (host, port) = Self.hostAndPort(authority) else { return nil }
    let path = rest[authorityEnd...]
    guard path.allSatisfy({ $0 > 0x20 && !"?#\\\"<>^`{|}".utf8.contains($0) }) else { return nil }
    self.isHTTPS = isHTTPS
    self.host = host
    self.port = port == (isHTTPS ? 443 : 80) ? nil : port
    self.path = String(decoding: path.last == 0x2F ? path.dropLast() : path, as: UTF8.self)
  }

  /// Whether the host is this machine, so that nobody else can read the requests.
  var isLoopback: Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  private static func scheme(_ rest: inout ArraySlice<UInt8>) -> Bool? {
    for (text, isHTTPS) in [("https://", true), ("http://", false)] {
      let head = rest.prefix(text.utf8.count)
      if String(decoding: head, as: UTF8.self).lowercased() == text {
        rest = rest.dropFirst(head.count)
        return isHTTPS
      }
    }
    return nil
  }

  private static func hostAndPort(_ authority: ArraySlice<UInt8>) -> (String, Int?)? {
    var host = authority
    var port: Int?
    let bracket = authority.lastIndex(of: UInt8(ascii: "]")) ?? authority.startIndex
    if let colon = authority[bracket...].lastIndex(of: UInt8(ascii: ":")) {
      let digits = authority[(colon + 1)...]
      guard digits.count <= 5, digits.allSatisfy({ $0.isASCIIDigit }),
        let number = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(number)
      else { return nil }
      port = number
      host = authority[..<colon]
    }
    guard isAddress(host) || isName(host) else { return nil }
    return (String(decoding: host, as: UTF8.self).lowercased(), port)
  }

  /// Returns whether the host is `[…]` of hexadecimal digits, colons and dots; the system decides
  /// whether it is an address.
  private static func isAddress(_ host: ArraySlice<UInt8>) -> Bool {
    guard host.count > 3, host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") else {
      return false
    }
    return host.dropFirst().dropLast().allSatisfy { "0123456789abcdefABCDEF:.".utf8.contains($0) }
  }

  private static func isName(_ host: ArraySlice<UInt8>) -> Bool {
    guard (1...253).contains(host.count) else { return false }
    var labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
    return labels.allSatisfy { label in
      (1...63).contains(label.count) && label.allSatisfy(isLabelByte)
    }
  }

  private static func isLabelByte(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}
