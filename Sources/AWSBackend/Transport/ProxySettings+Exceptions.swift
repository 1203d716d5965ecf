import Signing
import Text

extension ProxySettings {
  /// The proxy through which a server is asked; nil for none.
  ///
  /// - Parameters:
  ///   - isEncrypted: Whether it is asked over TLS.
  ///   - host: As in the URL: IPv6 in brackets.
  ///   - port: The scheme's own where the URL has none.
  func proxy(isEncrypted: Bool, host: String, port: Int) -> Proxy? {
    guard isEncrypted, let proxy = chosen?.value, !proxy.url.isEmpty else { return nil }
    let excepted = exceptions.map { Self.isExcepted($0.value, host: host, port: port) } ?? false
    return excepted ? nil : proxy
  }

  /// Whether a list names a host: `*`, a domain and all below it (with or without a dot in front), an
  /// address, a block of addresses (`10.0.0.0/8`), each but the last with a port or for all.
  static func isExcepted(_ list: Untrusted, host: String, port: Int) -> Bool {
    let name = bare(host.lowercased())
    let address = IPAddress(name[...])
    return list.bytes.split { ", \t".utf8.contains($0) }.contains { entry in
      let entry = String(decoding: entry, as: UTF8.self).lowercased()
      if entry == "*" { return true }
      if let address, let isInside = isInside(address, block: entry) { return isInside }
      let (entryName, entryPort) = parts(entry)
      guard entryPort == nil || entryPort == port, !entryName.isEmpty else { return false }
      if let address { return IPAddress(entryName[...]) == address }
      return name == entryName || name.hasSuffix("." + entryName)
    }
  }

  /// Nil for what is no block.
  private static func isInside(_ address: IPAddress, block: String) -> Bool? {
    let parts = block.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let start = IPAddress(parts[0]), let length = Int(parts[1]) else {
      return nil
    }
    return address.shares(length, with: start)
  }

  /// `.example.com:8080` as `example.com` and 8080; `[::1]:80` and a bare `::1` as well.
  private static func parts(_ entry: String) -> (name: String, port: Int?) {
    var name = entry[...]
    var port: Int?
    if IPAddress(name) == nil, let colon = name.lastIndex(of: ":"),
      let number = Int(name[name.index(after: colon)...])
    {
      port = number
      name = name[..<colon]
    }
    let isDotted = name.first == "."
    return (bare(String(isDotted ? name.dropFirst() : name)), port)
  }

  /// Without the brackets of IPv6 and the dot that ends a full name.
  private static func bare(_ host: String) -> String {
    if host.first == "[", host.last == "]" { return String(host.dropFirst().dropLast()) }
    return host.last == "." ? String(host.dropLast()) : host
  }
}
