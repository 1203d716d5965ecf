import Text

/// The ARN of a handshake.
///
/// Its account and organization are always the **sender's**, whoever reads it, which makes it the
/// one reliable evidence of who sent the handshake.
///
///     arn:aws:organizations::999900001111:handshake/o-a1b2c3d4e5/invite/h-7d1f0c2a9b44e8aa
///
/// The API's pattern fixes the partition `aws`. Other partitions are kept as written, and compared
/// with the one that was asked by `Handshake.check(partition:)` (DOM-1.4, DOM-1.5).
public struct HandshakeARN: Hashable, Sendable {
  /// The whole ARN as written, in ASCII.
  public let text: String
  /// The management account of the organization that sent the handshake.
  public let account: AccountID
  /// The organization that sent the handshake.
  public let organization: OrganizationID

  /// Parses an ARN; nil unless `text` is exactly the ARN of a handshake.
  public init?(_ text: some StringProtocol) {
    guard let arn = text.withASCII({ Self(bytes: $0) }) else { return nil }
    self = arn
  }

  /// Parses an ARN from ASCII bytes; nil unless they are exactly the ARN of a handshake.
  public init?(bytes: UnsafeBufferPointer<UInt8>) {
    var rest = bytes
    let colon = UInt8(ascii: ":")
    let slash = UInt8(ascii: "/")
    guard rest.cut(at: colon)?.equals("arn") == true, let partition = rest.cut(at: colon),
      partition.hasPrefix("aws"), Self.isPartition(partition),
      rest.cut(at: colon)?.equals("organizations") == true, rest.cut(at: colon)?.isEmpty == true,
      let account = rest.cut(at: colon).flatMap({ AccountID(bytes: $0) }),
      rest.cut(at: slash)?.equals("handshake") == true,
      let organization = rest.cut(at: slash).flatMap({ OrganizationID(bytes: $0) }),
      let type = rest.cut(at: slash), Self.isType(type),
      HandshakeID.isWritten(in: rest)
    else { return nil }
    self.text = String(decoding: bytes, as: UTF8.self)
    self.account = account
    self.organization = organization
  }

  /// Returns whether all bytes are of `a-z0-9-`.
  private static func isPartition(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.allSatisfy {
      $0.isASCIILowercase || $0.isASCIIDigit || $0 == UInt8(ascii: "-")
    }
  }

  /// Returns whether the bytes are a type segment: 1 to 64 of `a-z_`, such as
  /// `enable_all_features`.
  ///
  /// The API's pattern allows 32, which `add_organizations_service_linked_role` exceeds.
  private static func isType(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    (1...64).contains(bytes.count)
      && bytes.allSatisfy { $0.isASCIILowercase || $0 == UInt8(ascii: "_") }
  }
}

// These are read from the text on demand: they are rarely needed, and there may be as many ARNs in
// memory as handshakes.
extension HandshakeARN {
  /// The partition: `aws`, `aws-cn`, `aws-us-gov` or another.
  public var partition: String {
    text.withASCII { bytes in
      var rest = bytes
      _ = rest.cut(at: UInt8(ascii: ":"))
      return String(decoding: rest.cut(at: UInt8(ascii: ":")) ?? rest, as: UTF8.self)
    }
  }

  /// Returns whether the ARN's partition is `name`: `aws`, `aws-cn`, ….
  public func isIn(partition name: String) -> Bool {
    text.withASCII { bytes in
      var rest = bytes
      _ = rest.cut(at: UInt8(ascii: ":"))
      guard let partition = rest.cut(at: UInt8(ascii: ":")) else { return false }
      return name.withASCII { partition.equals($0) }
    }
  }

  /// Returns whether the type segment names another kind of handshake than `action` does.
  ///
  /// A segment is the action's name in lower case. A segment that is no action's name is accepted
  /// only for an action that is unknown too, and for ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE, which
  /// is too long for a segment and may be shortened.
  public func contradicts(_ action: Action) -> Bool {
    text.withASCII { bytes in
      var rest = bytes
      let slash = UInt8(ascii: "/")
      guard rest.cut(at: slash) != nil, rest.cut(at: slash) != nil,
        let segment = rest.cut(at: slash)
      else { return true }
      if let name = action.knownStaticName, Self.isSegment(segment, of: name) { return false }
      if Action.named.contains(where: { Self.isSegment(segment, of: $0.name) }) { return true }
      switch action {
      case .unknown, .addOrganizationsServiceLinkedRole: return false
      case .invite, .enableAllFeatures, .approveAllFeatures, .transferResponsibility: return true
      }
    }
  }

  /// Returns whether `segment` is the name `action` in lower case.
  private static func isSegment(
    _ segment: UnsafeBufferPointer<UInt8>, of action: StaticString
  ) -> Bool {
    guard segment.count == action.utf8CodeUnitCount else { return false }
    for place in 0..<segment.count {
      let byte = action.utf8Start[place]
      let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      if segment[place] != (isCapital ? byte | 0x20 : byte) { return false }
    }
    return true
  }

  /// Returns whether the ARN ends with `/` and `id`.
  public func names(_ id: HandshakeID) -> Bool {
    text.withASCII { mine in
      id.text.withASCII { other in
        let start = mine.count - other.count
        return start > 0 && mine[start - 1] == UInt8(ascii: "/")
          && mine.without(first: start).equals(other)
      }
    }
  }
}
