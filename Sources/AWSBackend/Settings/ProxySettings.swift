import Signing
import Text

/// The proxies that the environment names; lower-case variables take precedence, as in curl.
///
/// `http_proxy` is ignored: unencrypted requests go only to this machine and to metadata services,
/// and a proxy could read the credentials in them and forge the replies.
public struct ProxySettings: Hashable, Sendable {
  /// The proxy for https endpoints.
  public var https: Located<Proxy>?
  /// The proxy for endpoints without a proxy of their own.
  public var all: Located<Proxy>?
  /// The hosts without a proxy: names, addresses, blocks, `host:port` or `*`.
  public var exceptions: Located<Untrusted>?

  /// The proxy to use for hosts that are not exceptions.
  public var chosen: Located<Proxy>? { https ?? all }

  init(_ lookup: SettingsLookup) {
    func proxy(_ name: String) -> Located<Proxy>? {
      lookup.text([name, name.uppercased()]).map { $0.map(Proxy.init) }
    }
    https = proxy("https_proxy")
    all = proxy("all_proxy")
    exceptions = lookup.text(["no_proxy", "NO_PROXY"])
  }
}

/// The URL of a proxy, which may contain a password.
public struct Proxy: Hashable, Sendable {
  /// The URL as it was set.
  public let url: Secret
  /// The URL for people, with user and password replaced by `***`.
  public let shown: Untrusted

  init(_ text: Untrusted) {
    url = Secret(text.bytes)
    // Up to the last `@`, whatever precedes it: a password may contain any other sign.
    if let end = text.bytes.lastIndex(of: UInt8(ascii: "@")) {
      let start = text.bytes.firstRange(of: Array("://".utf8)).map(\.upperBound) ?? 0
      let scheme = start <= end ? text.bytes[..<start] : []
      shown = Untrusted(bytes: Array(scheme) + "***".utf8 + text.bytes[end...])
    } else {
      shown = text
    }
  }
}

extension ProxySettings {
  /// Returns the proxy for requests to a server; nil for none.
  ///
  /// - Parameters:
  ///   - isEncrypted: Whether the connection uses TLS.
  ///   - host: The host as in the URL, IPv6 in brackets.
  ///   - port: The URL's port, or the scheme's default.
  /// - Returns: The proxy for an encrypted connection to a host that is not an exception.
  func proxy(isEncrypted: Bool, host: String, port: Int) -> Proxy? {
    guard isEncrypted, let proxy = chosen?.value, !proxy.url.isEmpty else { return nil }
    let excepted = exceptions.map { Self.isExcepted($0.value, host: host, port: port) } ?? false
    return excepted ? nil : proxy
  }

  /// Returns whether a list contains a host.
  ///
  /// An entry is `*`, a domain with all names below it (with or without a dot in front), an
  /// address, or a block of addresses (`10.0.0.0/8`). A domain or an address may have a port, for
  /// that port only.
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

  /// Returns whether a block contains the address; nil if `block` is not one.
  private static func isInside(_ address: IPAddress, block: String) -> Bool? {
    let parts = block.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let start = IPAddress(parts[0]), let length = Int(parts[1]) else {
      return nil
    }
    return address.shares(length, with: start)
  }

  /// Splits `.example.com:8080` into `example.com` and 8080; accepts `[::1]:80` and a bare `::1`
  /// too.
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

  /// Returns the host without the brackets of IPv6, or without the dot at its end.
  private static func bare(_ host: String) -> String {
    if host.first == "[", host.last == "]" { return String(host.dropFirst().dropLast()) }
    return host.last == "." ? String(host.dropLast()) : host
  }
}
