import Signing
import Text

/// The proxies that the environment names. Lower case wins, as in curl.
///
/// `http_proxy` is not among them: what is not encrypted goes to this machine and the metadata services
/// only, and a proxy would read the keys in it and could answer in their place.
public struct ProxySettings: Hashable, Sendable {
  /// For https endpoints.
  public var https: Located<Proxy>?
  /// For what has no proxy of its own.
  public var all: Located<Proxy>?
  /// The hosts that are asked directly: suffixes, `host:port`, `*`.
  public var exceptions: Located<Untrusted>?

  /// The one that holds, exceptions not yet considered.
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

/// A proxy's URL, which may have a password in it.
public struct Proxy: Hashable, Sendable {
  public let url: Secret
  /// The URL without user and password, for people.
  public let shown: Untrusted

  init(_ text: Untrusted) {
    url = Secret(text.bytes)
    // Up to the last `@`, whatever stands before it: a password may hold any of the other signs.
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
