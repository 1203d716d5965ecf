/// The members that the service model gives a structure, in its order.
struct MemberNames: Sendable {
  let names: [StaticString]

  static let handshake = MemberNames(names: [
    "Id", "Arn", "Parties", "State", "RequestedTimestamp", "ExpirationTimestamp", "Action",
    "Resources",
  ])
  static let party = MemberNames(names: ["Id", "Type"])
  static let resource = MemberNames(names: ["Value", "Type", "Resources"])

  func index(of name: UnsafeBufferPointer<UInt8>) -> Int? {
    for index in names.indices where names[index].utf8CodeUnitCount == name.count {
      if names[index].withUTF8Buffer({ $0.elementsEqual(name) }) { return index }
    }
    return nil
  }

  /// Whether `name` is one of the names but for the case of its letters.
  func holdsMisspelling(_ name: [UInt8]) -> Bool {
    names.contains { known in
      known.utf8CodeUnitCount == name.count
        && known.withUTF8Buffer { zip($0, name).allSatisfy { ($0 ^ $1) & ~0x20 == 0 } }
    }
  }
}

/// An object of which some members have been read.
struct OpenObject {
  let names: MemberNames
  var isFirst = true
  /// The known members that stood there, one bit each; and those of them that were not null.
  var seen: UInt16 = 0
  var present: UInt16 = 0
  /// Names that the model does not have.
  var others: Set<[UInt8]> = []

  init(_ names: MemberNames) {
    self.names = names
  }

  func isPresent(_ index: Int) -> Bool { present & (1 << UInt16(index)) != 0 }
}
