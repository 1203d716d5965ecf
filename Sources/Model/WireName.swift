import Text

/// An enumeration of the service that may grow: known names as cases, others kept as written.
public protocol WireName: Hashable, Sendable {
  /// Every known value under the name that the service gives it.
  static var named: [(name: StaticString, value: Self)] { get }
  static func unknown(_ text: Untrusted) -> Self
  var unknownText: Untrusted? { get }
}

// Inlinable: readers in other modules look up a name or two for each line of a large document, and
// only the specialised form does so without allocating.
extension WireName {
  /// Compared byte by byte, case included.
  public init(wireName: Untrusted) {
    self = wireName.bytes.withUnsafeBufferPointer { Self(knownName: $0) } ?? .unknown(wireName)
  }

  /// The value of this name; nil when it is not a known one.
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

  /// The service's own name; nil for a value that is not known.
  public var knownName: String? { knownStaticName.map { String(describing: $0) } }

  /// The same without making a `String`.
  @inlinable public var knownStaticName: StaticString? {
    guard unknownText == nil else { return nil }
    for pair in Self.named where pair.value == self { return pair.name }
    return nil
  }

  public static var allKnown: [Self] { named.map(\.value) }
}
