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
