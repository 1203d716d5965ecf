/// A structure of the service whose members are known.
enum Structure {
  case handshake
  case party
  case resource

  /// The names of its members, in the service model's order.
  var names: [StaticString] {
    switch self {
    case .handshake: Self.handshakeNames
    case .party: Self.partyNames
    case .resource: Self.resourceNames
    }
  }

  private static let handshakeNames: [StaticString] = [
    "Id", "Arn", "Parties", "State", "RequestedTimestamp", "ExpirationTimestamp", "Action",
    "Resources",
  ]
  private static let partyNames: [StaticString] = ["Id", "Type"]
  private static let resourceNames: [StaticString] = ["Value", "Type", "Resources"]

  /// Where in `names` a member's name stands. The lengths tell nearly all of them apart.
  func index(of name: UnsafeBufferPointer<UInt8>) -> Int? {
    switch (self, name.count) {
    case (.resource, 5): name.equals("Value") ? 0 : nil
    case (.resource, 4), (.party, 4): name.equals("Type") ? 1 : nil
    case (.resource, 9): name.equals("Resources") ? 2 : nil
    case (.party, 2), (.handshake, 2): name.equals("Id") ? 0 : nil
    case (.handshake, 3): name.equals("Arn") ? 1 : nil
    case (.handshake, 7): name.equals("Parties") ? 2 : nil
    case (.handshake, 5): name.equals("State") ? 3 : nil
    case (.handshake, 18): name.equals("RequestedTimestamp") ? 4 : nil
    case (.handshake, 19): name.equals("ExpirationTimestamp") ? 5 : nil
    case (.handshake, 6): name.equals("Action") ? 6 : nil
    case (.handshake, 9): name.equals("Resources") ? 7 : nil
    default: nil
    }
  }

  /// Where in `names` the one stands that `name` is but for the case of its letters.
  func misspelt(_ name: [UInt8]) -> Int? {
    names.firstIndex { known in
      known.utf8CodeUnitCount == name.count
        && known.withUTF8Buffer { zip($0, name).allSatisfy { ($0 ^ $1) & ~0x20 == 0 } }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for place in 0..<count where self[place] != text.utf8Start[place] { return false }
    return true
  }
}

/// An object of which some members have been read.
struct OpenObject {
  let structure: Structure
  /// Where its first member stands.
  let start: Int
  var isFirst = true
  /// The known members that stood there, one bit each; and those of them that were not null.
  var seen: UInt16 = 0
  var present: UInt16 = 0
  /// Names that the model does not have.
  var others: Set<[UInt8]> = []
  /// The known members that came again, and those that came in another case.
  var doubtful: UInt16 = 0
  var misspelt: UInt16 = 0

  init(_ structure: Structure, at start: Int) {
    self.structure = structure
    self.start = start
  }

  func isPresent(_ index: Int) -> Bool { present & (1 << UInt16(index)) != 0 }
}
