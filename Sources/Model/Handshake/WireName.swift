import Text

/// An enumeration of the service that may grow: known names as cases, others kept as written.
public protocol WireName: Hashable, Sendable {
  /// Every known value under the name that the service gives it.
  static var named: [(name: StaticString, value: Self)] { get }
  static func unknown(_ text: Untrusted) -> Self
  var unknownText: Untrusted? { get }
}

extension WireName {
  /// Compared byte by byte, case included.
  public init(wireName: Untrusted) {
    self = wireName.bytes.withUnsafeBufferPointer { Self(knownName: $0) } ?? .unknown(wireName)
  }

  /// The value of this name; nil when it is not a known one.
  public init?(knownName bytes: UnsafeBufferPointer<UInt8>) {
    for pair in Self.named where pair.name.utf8CodeUnitCount == bytes.count {
      if pair.name.withUTF8Buffer({ $0.elementsEqual(bytes) }) {
        self = pair.value
        return
      }
    }
    return nil
  }

  /// The name on the wire.
  public var wireName: Untrusted {
    if let unknownText { return unknownText }
    return Untrusted(knownName ?? "")
  }

  /// The service's own name; nil for a value that is not known.
  public var knownName: String? {
    guard unknownText == nil else { return nil }
    return Self.named.first { $0.value == self }.map { String(describing: $0.name) }
  }

  public static var allKnown: [Self] { named.map(\.value) }
}
