import Text

/// An enumeration of the service that may grow.
///
/// Known names are cases, and others are kept as written (DOM-2.7).
public protocol WireName: Hashable, Sendable {
  /// Every known value, with its name on the wire.
  static var named: [(name: StaticString, value: Self)] { get }
  /// Returns the value for a name that has no case.
  static func unknown(_ text: Untrusted) -> Self
  /// The name as the service wrote it, if it has no case; nil for a known value.
  var unknownText: Untrusted? { get }
}

// These are inlinable, because readers in other modules look up a name or two for each line of a
// large document, and only the specialised form does so without allocating.
extension WireName {
  /// Creates the value of a name on the wire, which is compared byte by byte, case included.
  public init(wireName: Untrusted) {
    self = wireName.bytes.withUnsafeBufferPointer { Self(knownName: $0) } ?? .unknown(wireName)
  }

  /// Creates the value of a known name; nil for any other name.
  @inlinable
  public init?(knownName bytes: UnsafeBufferPointer<UInt8>) {
    for pair in Self.named where pair.name.utf8CodeUnitCount == bytes.count {
      let known = UnsafeBufferPointer(start: pair.name.utf8Start, count: bytes.count)
      var place = 0
      while place < bytes.count, known[place] == bytes[place] { place += 1 }
      if place == bytes.count {
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

  /// The service's own name; nil for a value that has no case.
  public var knownName: String? { knownStaticName.map { String(describing: $0) } }

  /// The same as `knownName`, without making a `String`.
  @inlinable public var knownStaticName: StaticString? {
    guard unknownText == nil else { return nil }
    for pair in Self.named where pair.value == self { return pair.name }
    return nil
  }

  /// The known values, in the order of `named`.
  public static var allKnown: [Self] { named.map(\.value) }
}
