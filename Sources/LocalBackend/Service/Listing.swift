import Model
import Text

// Describing and listing, with the rules of who may see a handshake. Source: the API reference of
// AWS Organizations.

extension Transaction {
  /// Returns the results of GetCallerIdentity and DescribeOrganization in one.
  func identity(callerARN: String) throws -> Identity {
    try authorise()
    let identity = Identity(
      account: caller, caller: Untrusted(callerARN),
      organization: try callersOrganization().map(describe))
    return identity
  }

  func describe(_ organization: OrganizationRow) throws -> Organization {
    guard let management = try AccountRow.fetch(db, organization.managementAccount) else {
      throw DamagedRow(column: "management_account")
    }
    return Organization(
      id: organization.id, managementAccount: management.id,
      managementEmail: Untrusted(management.email), featureSet: organization.featureSet)
  }

  func describeHandshake(_ id: Untrusted) throws -> Handshake {
    try authorise()
    return try reply(try visibleHandshake(id))
  }

  /// Returns a handshake that the caller is a party to.
  ///
  /// A party is the recipient, the sender's management account or a delegated administrator of it.
  /// Any other handshake is reported as not found, so that nobody learns of it.
  func visibleHandshake(_ text: Untrusted) throws -> StoredHandshake {
    let id = try Self.checkedHandshakeID(text)
    guard let stored = try StoredHandshake.fetch(db, id), !isForgotten(stored.row),
      try isParty(stored)
    else { throw Refusal.handshakeNotFound }
    return stored
  }

  private func isForgotten(_ row: HandshakeRow) -> Bool {
    row.end(at: now).map { $0 + ExpirySweep.memory <= now } ?? false
  }

  private func isParty(_ stored: StoredHandshake) throws -> Bool {
    if stored.row.recipient == caller || stored.managementAccount == caller { return true }
    guard try isDelegatedAdministrator(caller) else { return false }
    return try MembershipRow.fetch(db, of: caller)?.organization == stored.row.organization
  }

  /// Returns the handshake as the service replies with it.
  ///
  /// The order of the parties depends on the handshake, the operation and the store's seed.
  func reply(_ stored: StoredHandshake) throws -> Handshake {
    let mixed = FNV1a.hash(
      (stored.row.id.text + operation.rawValue).utf8, from: options.seed ^ FNV1a.offsetBasis)
    return try stored.handshake(at: now, organizationFirst: mixed >> 33 & 1 == 0)
  }

  /// Returns the handshake in its current state.
  func reply(_ id: HandshakeID) throws -> Handshake {
    guard let stored = try StoredHandshake.fetch(db, id) else { throw Refusal.handshakeNotFound }
    return try reply(stored)
  }
}

extension Transaction {
  /// Lists handshakes: ListHandshakesForAccount and ListHandshakesForOrganization.
  ///
  /// A page is a range of an index, and the token names its end, so that every page costs the same.
  func list(_ query: Query, _ page: PageRequest) throws -> Page {
    try authorise()
    let limit = try checkedLimit(page)
    if case .action(let action) = query.filter, action.unknownText != nil {
      throw Refusal.invalidInput(.invalidEnum, "The filter's action type is not valid.")
    }
    let listing = try listing(query)
    let (stored, next) = try self.page(
      ListingTokens(listing: listing.name), at: page.token, of: limit
    ) { after, count in
      try db.all(listing.sql, listing.arguments + [after, count]) { row in
        let stored = try StoredHandshake(row)
        return (stored.seq, stored)
      }
    }
    return Page(handshakes: try stored.map { try reply($0) }, next: next)
  }

  private func listing(_ query: Query) throws -> Listing {
    let organization = try callersOrganization()
    let manages = organization?.managementAccount == caller
    var listing: Listing
    switch query.direction {
    case .received:
      listing = Listing("received \(caller.text)")
      listing.require("handshakes.recipient = ?", [caller.text])
      // A management account does not see the invitations that it could not accept.
      if manages { listing.require("handshakes.kind <> 'invitation'", []) }
    case .sent:
      guard let organization else { throw Refusal.notInUse }
      try requireManagementOrDelegate(organization)
      listing = Listing("sent \(organization.id.text)")
      listing.require("handshakes.organization = ?", [organization.id.text])
    }
    switch query.filter {
    case .action(let action):
      listing.require("handshakes.action = ?", [action.knownName])
      listing.name += " action \(action.knownName ?? "")"
    case .parent(let parent):
      listing.require("handshakes.parent = ?", [parent.text])
      listing.name += " parent \(parent.text)"
    case nil: break
    }
    let forgotten = (now - ExpirySweep.memory).milliseconds
    listing.require(
      "coalesce(handshakes.ended, handshakes.expires) > ?", [forgotten])
    return listing
  }
}

/// The conditions of one listing.
private struct Listing {
  /// The listing's identity, with which its tokens are sealed; other listings refuse them.
  var name: String
  private var conditions: [String] = []
  private(set) var arguments: Values = []

  init(_ name: String) { self.name = name }

  mutating func require(_ condition: String, _ values: Values) {
    conditions.append(condition)
    arguments += values
  }

  var sql: String {
    StoredHandshake.selection + " WHERE " + conditions.joined(separator: " AND ")
      + " AND handshakes.seq > ? ORDER BY handshakes.seq LIMIT ?"
  }
}

extension Transaction {
  /// Lists the members of the caller's organization in the order of their ids: ListAccounts.
  func listAccounts(_ page: PageRequest) throws -> MemberPage {
    try authorise()
    let limit = try checkedLimit(page)
    guard let organization = try callersOrganization() else { throw Refusal.notInUse }
    try requireManagementOrDelegate(organization)
    let (members, next) = try self.page(
      ListingTokens(listing: "accounts \(organization.id.text)"), at: page.token, of: limit
    ) { after, count in
      try db.all(
        """
        SELECT accounts.id, accounts.name, accounts.email, accounts.status,
          memberships.method, memberships.joined
        FROM memberships JOIN accounts ON accounts.id = memberships.account
        WHERE memberships.organization = ? AND memberships.account > ?
        ORDER BY memberships.account LIMIT ?
        """, [organization.id.text, Int(after).padded(12), count]
      ) { row in
        let member = try Member(row, of: organization)
        guard let position = Int64(member.account.text) else { throw DamagedRow(column: "id") }
        return (position, member)
      }
    }
    return MemberPage(members: members, next: next)
  }
}

extension Member {
  fileprivate init(_ row: borrowing ResultRow, of organization: OrganizationRow) throws {
    let account = try row.account("id")
    self.init(
      account: account,
      arn: Untrusted(
        "arn:aws:organizations::\(organization.managementAccount.text):account/"
          + "\(organization.id.text)/\(account.text)"),
      email: Untrusted(try row.text("email")), name: try row.bytes("name"),
      status: try row.named("status"), state: try row.named("status"),
      joinedMethod: try row.named("method"), joined: try row.time("joined"))
  }
}

/// The position at which a listing continues.
struct ListingPlace: Hashable {
  /// The position of the last item already given; 0 is the beginning.
  var position: Int64
  /// Whether an empty page has been given at this position.
  var paused = false

  static let beginning = ListingPlace(position: 0)
}

/// The encoder and decoder of one listing's page tokens.
///
/// A token is 32 hexadecimal digits, of which the first 16 are a seal; a token of another listing
/// is refused.
struct ListingTokens {
  /// The listing's identity, part of the seal.
  var listing: String

  func token(_ place: ListingPlace) -> PageToken {
    let written = UInt64(place.position) | (place.paused ? Self.pause : 0)
    return PageToken(Untrusted(Self.hexadecimal(seal(written)) + Self.hexadecimal(written)))
  }

  /// Returns the position that a token encodes; the beginning for nil.
  func place(in token: PageToken?) throws -> ListingPlace {
    guard let token else { return .beginning }
    guard let text = token.text.asciiText, text.utf8.count == 32,
      let seal = UInt64(text.prefix(16), radix: 16),
      let written = UInt64(text.suffix(16), radix: 16),
      seal == self.seal(written)
    else {
      throw Refusal.invalidInput(
        .invalidNextToken,
        "Get the value for the NextToken parameter from the response to a "
          + "previous call of the operation.")
    }
    return ListingPlace(
      position: Int64(written & ~Self.pause), paused: written & Self.pause != 0)
  }

  private static let pause: UInt64 = 1 << 63

  /// Returns a checksum that detects mistakes; it is not a secret.
  private func seal(_ written: UInt64) -> UInt64 { FNV1a.hash("\(listing) \(written)".utf8) }

  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

extension Transaction {
  /// The most items on a page.
  static let largestPage = 20

  /// Returns one page of a listing with ascending positions, and the token of the next page.
  ///
  /// With empty pages switched on, an empty page precedes each page that has items. `items` returns
  /// the first `count` items after a position.
  func page<Item>(
    _ tokens: ListingTokens, at token: PageToken?, of limit: Int,
    _ items: (_ after: Int64, _ count: Int) throws -> [(position: Int64, item: Item)]
  ) throws -> (items: [Item], next: PageToken?) {
    let place = try tokens.place(in: token)
    if emptyPages, !place.paused {
      return ([], tokens.token(ListingPlace(position: place.position, paused: true)))
    }
    // One more item than the page shows whether there is a next page.
    let found = try items(place.position, limit + 1)
    let next = found.count > limit ? found[limit - 1].position : nil
    return (
      found.prefix(limit).map(\.item), next.map { tokens.token(ListingPlace(position: $0)) }
    )
  }
}
