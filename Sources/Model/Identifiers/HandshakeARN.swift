/// The ARN of a handshake. Its account and organization are always the **sender's**, whoever calls:
/// the one reliable answer to "who is asking".
///
///     arn:aws:organizations::999900001111:handshake/o-a1b2c3d4e5/invite/h-7d1f0c2a9b44e8aa
///
/// The API's pattern fixes the partition `aws`; other partitions are taken as they are written.
public struct HandshakeARN: Hashable, Sendable {
  /// The whole ARN, ASCII.
  public let text: String
  /// `aws`, `aws-cn`, `aws-us-gov`, …
  public let partition: String
  /// The management account of the organization that sent the handshake.
  public let account: AccountID
  /// The organization that sent the handshake.
  public let organization: OrganizationID
  /// `invite`, `enable_all_features`, …: letters and underscores, 1 to 64. (The API's pattern says
  /// 32, which `add_organizations_service_linked_role` would not fit.)
  public let typeSegment: String
  public let handshake: HandshakeID

  public init?(_ text: some StringProtocol) {
    self.init(bytes: Array(text.utf8)[...])
  }

  init?(bytes: ArraySlice<UInt8>) {
    let fields = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard fields.count == 6, fields[0].elementsEqual("arn".utf8),
      fields[2].elementsEqual("organizations".utf8), fields[3].isEmpty,
      fields[1].hasPrefix("aws"), fields[1].allSatisfy(Self.isPartitionByte),
      let account = AccountID(bytes: fields[4])
    else { return nil }
    let path = fields[5].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard path.count == 4, path[0].elementsEqual("handshake".utf8),
      let organization = OrganizationID(bytes: path[1]), (1...64).contains(path[2].count),
      path[2].allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x5F }),
      let handshake = HandshakeID(bytes: path[3])
    else { return nil }
    self.text = String(decoding: bytes, as: UTF8.self)
    self.partition = String(decoding: fields[1], as: UTF8.self)
    self.account = account
    self.organization = organization
    self.typeSegment = String(decoding: path[2], as: UTF8.self)
    self.handshake = handshake
  }

  private static func isPartitionByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
  }
}
