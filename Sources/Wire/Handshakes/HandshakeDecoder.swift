import Model
import Text

/// Reads handshakes from JSON, one at a time. Where a member is not what it should be, the record is
/// read all the same and the member named in its damage (SEC-3.2).
struct HandshakeDecoder {
  var cursor: JSONCursor
  /// The record being read: kept here so that what came before a break is not lost.
  var handshake = Handshake.blank
  /// The way from the record to the structure being read.
  var path: [Step] = []
  /// Where the record began; and whether it is sound JSON that ends where it should, once that was
  /// asked.
  var start = 0
  var isWhole: Bool?

  struct Step {
    let list: StaticString
    var index: Int
  }

  init(_ cursor: JSONCursor) {
    self.cursor = cursor
  }

  /// Reads the object that is next into `handshake`.
  mutating func readRecord() throws(JSONFault) {
    handshake = .blank
    path.removeAll(keepingCapacity: true)
    isWhole = nil
    cursor.skipSpace()
    start = cursor.offset
    guard try cursor.peek() == Byte.openObject else {
      try cursor.skipValue()
      note(.wrongType, at: nil, text: start..<cursor.offset)
      return
    }
    cursor.offset += 1
    var object = OpenObject(.handshake, at: cursor.offset)
    while let index = try member(of: &object) { try readMember(index) }
    noteMissing(in: object)
    let doubtful = doubtful(in: object)
    if doubtful != 0 { drop(doubtful) }
    noteContradictions()
    // The order of members means nothing, so it shows nowhere.
    handshake.damage.sort { ($0.place, $0.fault.rank) < ($1.place, $1.fault.rank) }
  }

  /// Hands the record over without a copy.
  mutating func takeRecord() -> Handshake {
    var record = Handshake.blank
    swap(&record, &handshake)
    return record
  }

  private mutating func readMember(_ index: Int) throws(JSONFault) {
    switch index {
    case 0: handshake.id = try identifier("Id") { HandshakeID(bytes: $0) }
    case 1: handshake.arn = try identifier("Arn") { HandshakeARN(bytes: $0) }
    case 2: handshake.parties = try parties()
    case 3: handshake.state = try name("State")
    case 4: handshake.requested = try time("RequestedTimestamp")
    case 5: handshake.expires = try time("ExpirationTimestamp")
    case 6: handshake.action = try name("Action")
    default:
      if try nextIsArray("Resources") { handshake.resources = try resources() }
    }
  }

  /// Takes back the members that came more than once.
  private mutating func drop(_ doubtful: UInt16) {
    for index in Structure.handshake.names.indices where doubtful & (1 << UInt16(index)) != 0 {
      switch index {
      case 0: handshake.id = nil
      case 1: handshake.arn = nil
      case 2: handshake.parties = []
      case 3: handshake.state = nil
      case 4: handshake.requested = nil
      case 5: handshake.expires = nil
      case 6: handshake.action = nil
      default: handshake.resources = []
      }
    }
  }

  private mutating func parties() throws(JSONFault) -> [Party] {
    guard try nextIsArray("Parties") else { return [] }
    var parties: [Party] = []
    parties.reserveCapacity(2)
    path.append(Step(list: "Parties", index: 0))
    var more = try !cursor.take(Byte.closeArray)
    while more {
      if let party = try party() { parties.append(party) }
      path[path.count - 1].index += 1
      more = try cursor.takeComma(or: Byte.closeArray)
    }
    path.removeLast()
    return parties
  }

  private mutating func party() throws(JSONFault) -> Party? {
    guard try nextIsObject() else { return nil }
    var object = OpenObject(.party, at: cursor.offset)
    var id: Untrusted?
    var type: PartyType?
    while let index = try member(of: &object) {
      if index == 0 { id = try string("Id") } else { type = try name("Type") }
    }
    noteMissing(in: object)
    let doubtful = doubtful(in: object)
    if doubtful & 1 != 0 { id = nil }
    if doubtful & 2 != 0 { type = nil }
    let party = Party(id: id ?? Untrusted(bytes: []), type: type ?? .unknown(Untrusted(bytes: [])))
    if id != nil, !party.hasPlausibleID { note(.malformed, at: "Id") }
    return party
  }
}

extension Handshake {
  static let blank = Handshake(
    id: nil, arn: nil, parties: [], state: nil, requested: nil, expires: nil, action: nil,
    resources: [])
}

extension Damage.Fault {
  fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Party {
  /// Whether the id has the form that its type asks for. An address can be anything.
  fileprivate var hasPlausibleID: Bool {
    switch type {
    case .account: AccountID.isWritten(in: id)
    case .organization: OrganizationID.isWritten(in: id)
    case .email, .unknown: true
    }
  }
}
