import Model
import Text

/// Decodes handshakes from JSON, one at a time.
///
/// When a member is not what it should be, the record is read nevertheless, and its damage names
/// the member (SEC-3.2).
struct HandshakeDecoder {
  var cursor: JSONCursor
  /// The record that is being read, kept here so that the part before broken JSON is not lost.
  var handshake = Handshake.blank
  /// The steps from the record to the structure that is being read.
  var path: [Step] = []
  /// The offset of the record's first byte.
  var start = 0
  /// Whether the record is valid JSON with a valid follower; nil until that was checked.
  var isWhole: Bool?

  struct Step {
    let list: StaticString
    var index: Int
  }

  init(_ cursor: JSONCursor) {
    self.cursor = cursor
  }

  /// Reads the next value into `handshake`; one that is not an object becomes a damaged record.
  ///
  /// - Throws: The first fault of the JSON, or `.unexpectedByte` at a member `Parties` of a party
  ///   or resource when the record is not closed. `handshake` then holds the members read before
  ///   it.
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
    // The order of members has no meaning, so the damage is sorted.
    handshake.damage.sort { ($0.place, $0.fault.rank) < ($1.place, $1.fault.rank) }
  }

  /// Returns the record without a copy, and forgets it.
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

  /// Clears the members that occurred more than once.
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
  /// Whether the id has the form that its type requires; an e-mail address can be any text.
  fileprivate var hasPlausibleID: Bool {
    switch type {
    case .account: AccountID.isWritten(in: id)
    case .organization: OrganizationID.isWritten(in: id)
    case .email, .unknown: true
    }
  }
}

extension HandshakeDecoder {
  /// A list of resources that is being read, with its open resource.
  private struct Level {
    var done: [Resource] = []
    var isFirst = true
    var isOpen = false
    var object = OpenObject(.resource, at: 0)
    var resource = Resource.blank
  }

  /// Reads a list of resources, whose `[` is before the cursor, with all lists below it.
  ///
  /// It does not recurse. Resources deeper than `Resource.depthKept` are counted and not kept.
  ///
  /// - Throws: The first fault of the JSON.
  mutating func resources() throws(JSONFault) -> [Resource] {
    var level = Level()
    var outer: [Level] = []
    path.append(Step(list: "Resources", index: -1))
    while true {
      if !level.isOpen {
        if try startElement(&level) { continue }
        path.removeLast()
        guard var parent = outer.popLast() else { return level.done }
        parent.resource.resources = level.done
        level = parent
      } else if let index = try member(of: &level.object) {
        if try readMember(index, of: &level.resource, level: outer.count) {
          outer.append(level)
          level = Level()
          path.append(Step(list: "Resources", index: -1))
        }
      } else {
        close(&level)
      }
    }
  }

  /// Steps to the next element of the list, and into it when it is an object; false at the end.
  private mutating func startElement(_ level: inout Level) throws(JSONFault) -> Bool {
    if level.isFirst {
      level.isFirst = false
      if try cursor.take(Byte.closeArray) { return false }
    } else if try !cursor.takeComma(or: Byte.closeArray) {
      return false
    }
    path[path.count - 1].index += 1
    guard try nextIsObject() else { return true }
    level.isOpen = true
    level.object = OpenObject(.resource, at: cursor.offset)
    return true
  }

  /// Reads a member of a resource, and returns whether it is a list of resources to be read next.
  private mutating func readMember(
    _ index: Int, of resource: inout Resource, level: Int
  ) throws(JSONFault) -> Bool {
    switch index {
    case 0: resource.value = try string("Value")
    case 1:
      if let type: ResourceType = try name("Type") { resource.type = type }
    default:
      guard level + 1 < Resource.depthKept else {
        resource.deeper = try cursor.skipValue()
        if resource.deeper > 0 { note(.tooDeep, at: "Resources") }
        return false
      }
      return try nextIsArray("Resources")
    }
    return false
  }

  /// Clears the members that occurred more than once.
  private func drop(_ doubtful: UInt16, of resource: inout Resource) {
    if doubtful & 1 != 0 { resource.value = nil }
    if doubtful & 2 != 0 { resource.type = Resource.blank.type }
    if doubtful & 4 != 0 {
      resource.resources = []
      resource.deeper = 0
    }
  }

  private mutating func close(_ level: inout Level) {
    if !level.object.isPresent(1) { note(.missing, at: "Type") }
    let doubtful = doubtful(in: level.object)
    if doubtful != 0 { drop(doubtful, of: &level.resource) }
    // Most lists have three resources.
    if level.done.isEmpty { level.done.reserveCapacity(3) }
    var resource = Resource.blank
    swap(&resource, &level.resource)
    level.done.append(resource)
    level.isOpen = false
  }
}

extension Resource {
  /// A resource of which nothing is known yet.
  fileprivate static var blank: Resource {
    Resource(type: .unknown(Untrusted(bytes: [])), value: nil)
  }
}

extension HandshakeDecoder {
  /// Notes the members that cannot both be true.
  ///
  /// Organization ids are compared with and without their prefix. Members that could not be read
  /// are not compared.
  mutating func noteContradictions() {
    if let arn = handshake.arn, let id = handshake.id, !arn.names(id) {
      note(.contradiction, at: "Id")
    }
    if let arn = handshake.arn, let action = handshake.action, arn.contradicts(action) {
      note(.contradiction, at: "Action")
    } else if let action = handshake.action, handshake.contradictsShape(of: action) {
      note(.contradiction, at: "Action")
    }
    for index in handshake.parties.indices where handshake.contradictsParty(index) {
      note(.contradiction, at: "Parties[\(index)].Id")
    }
    if handshake.hasRivalResources { note(.contradiction, at: "Resources") }
  }
}

extension Handshake {
  /// Returns whether the record has the structure of another kind of handshake than its action.
  ///
  /// AWS's pages name ENABLE_ALL_FEATURES and APPROVE_ALL_FEATURES for either side of that
  /// exchange.
  fileprivate func contradictsShape(of action: Action) -> Bool {
    switch (action, shape) {
    case (_, .unknown), (.unknown, _): false
    case (.invite, .invitation), (.transferResponsibility, .transfer): false
    case (.enableAllFeatures, .consent), (.enableAllFeatures, .finalisation),
      (.approveAllFeatures, .consent), (.approveAllFeatures, .finalisation):
      false
    case (.addOrganizationsServiceLinkedRole, .consent): false
    default: true
    }
  }

  /// Whether two resources of one known type have different values, of which readers take the
  /// first.
  ///
  /// The management account's resources are exempt: a transfer may contain those of both sides.
  fileprivate var hasRivalResources: Bool {
    var values = [Untrusted?](repeating: nil, count: ResourceType.named.count)
    var level = resources
    while !level.isEmpty {
      var below: [Resource] = []
      for index in level.indices {
        if let value = level[index].value, let place = level[index].type.singlePlace {
          if let first = values[place], first != value { return true }
          values[place] = value
        }
        if !level[index].resources.isEmpty { below += level[index].resources }
      }
      level = below
    }
    return false
  }
}

extension ResourceType {
  /// The index of a type that a handshake has once; nil for the others.
  fileprivate var singlePlace: Int? {
    switch self {
    case .account: 0
    case .organization: 1
    case .organizationFeatureSet: 2
    case .email: 3
    case .masterEmail: 4
    case .masterName: 5
    case .notes: 6
    case .parentHandshake: 7
    case .responsibilityTransfer: 8
    case .transferStartTimestamp: 9
    case .transferType: 10
    case .managementAccount, .managementEmail, .managementName, .unknown: nil
    }
  }
}

extension Handshake {
  /// Returns whether a party is not the one that the ARN or the resources name.
  fileprivate func contradictsParty(_ index: Int) -> Bool {
    let party = parties[index]
    guard let type = party.type.sameResource else { return false }
    // With two parties of one type it is unknown which one is meant.
    if parties[..<index].contains(where: { $0.type == party.type }) { return true }
    // The sender's management account is never its own recipient.
    if type == .account, let arn, AccountID(party.id) == arn.account { return true }
    if type == .organization, let arn, OrganizationID.isWritten(in: party.id),
      !arn.organization.isMeant(by: party.id)
    {
      return true
    }
    var isNamed = true
    for resource in resources where resource.type == type {
      guard let value = resource.value else { continue }
      if party.isNamed(by: value) { return false }
      isNamed = false
    }
    return !isNamed
  }
}

extension PartyType {
  /// The type of the resource that repeats a party of this type.
  fileprivate var sameResource: ResourceType? {
    switch self {
    case .account: .account
    case .organization: .organization
    case .email: .email
    case .unknown: nil
    }
  }
}

extension Party {
  /// Returns whether a resource's value names this party.
  ///
  /// For an organization, a value that is not an organization's id is accepted too.
  fileprivate func isNamed(by value: Untrusted) -> Bool {
    switch type {
    case .organization:
      return !OrganizationID.differ(id, value)
    case .email:
      // The service's directory of e-mail addresses ignores case.
      return id.bytes.count == value.bytes.count
        && zip(id.bytes, value.bytes).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    case .account, .unknown:
      return id == value
    }
  }
}
