import GRDB
import Model
import Text

extension Call {
  /// The most that a page holds.
  static let largestPage = 20

  /// ListHandshakesForAccount and ListHandshakesForOrganization. A page is a range of an index: the
  /// token names where it ended, so that no page costs more than another.
  func list(_ query: Query, page: PageToken?, limit: Int = largestPage) throws -> Page {
    try authorise()
    guard limit >= 1 else {
      throw Refusal.invalidInput(.minValueExceeded, "MaxResults must be at least 1.")
    }
    guard limit <= Self.largestPage else {
      throw Refusal.invalidInput(.maxValueExceeded, "MaxResults must be at most 20.")
    }
    if case .action(let action) = query.filter, action.unknownText != nil {
      throw Refusal.invalidInput(.invalidEnum, "The filter names an action type that is none.")
    }
    let listing = try listing(query)
    let after = try page.map { try listing.position(in: $0) } ?? 0
    var stored: [StoredHandshake] = []
    let rows = try Row.fetchCursor(
      db.cachedStatement(sql: listing.sql),
      arguments: listing.arguments + [after, limit + 1])
    while let row = try rows.next() { stored.append(try StoredHandshake(row)) }
    let next = stored.count > limit ? stored[limit - 1].seq : nil
    return Page(
      handshakes: try stored.prefix(limit).map { try reply($0) }, next: next.map(listing.token))
  }

  private func listing(_ query: Query) throws -> Listing {
    let organization = try callersOrganization()
    let manages = organization?.managementAccount == caller
    var listing: Listing
    switch query.direction {
    case .received:
      listing = Listing("received \(caller.text)")
      listing.require("handshakes.recipient = ?", [caller.text])
      // A management account does not even see the invitations that it could not accept.
      if manages { listing.require("handshakes.kind <> 'invitation'", []) }
    case .sent:
      guard let organization else { throw Refusal.notInUse }
      guard try manages || isDelegatedAdministrator(caller) else {
        throw Refusal.denied(
          "You can call this operation only from the organization's management account or by a "
            + "member account that is a delegated administrator.")
      }
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
    let forgotten = (now - Settlement.memory).milliseconds
    listing.require(
      "coalesce(handshakes.ended, handshakes.expires) > ?", [forgotten])
    return listing
  }
}

/// One listing's conditions, and the tokens that go on in it.
private struct Listing {
  /// Tells listings apart: a token of one is no token of another.
  var name: String
  private var conditions: [String] = []
  private(set) var arguments = StatementArguments()

  init(_ name: String) { self.name = name }

  mutating func require(_ condition: String, _ values: StatementArguments) {
    conditions.append(condition)
    arguments += values
  }

  var sql: String {
    StoredHandshake.selection + " WHERE " + conditions.joined(separator: " AND ")
      + " AND handshakes.seq > ? ORDER BY handshakes.seq LIMIT ?"
  }

  func token(after seq: Int64) -> PageToken {
    PageToken(Untrusted(Self.hexadecimal(seal(seq)) + Self.hexadecimal(UInt64(seq))))
  }

  func position(in token: PageToken) throws -> Int64 {
    guard let text = token.text.asciiText, text.utf8.count == 32,
      let seal = UInt64(text.prefix(16), radix: 16),
      let seq = UInt64(text.suffix(16), radix: 16).flatMap({ Int64(exactly: $0) }), seq > 0,
      seal == self.seal(seq)
    else {
      throw Refusal.invalidInput(
        .invalidNextToken,
        "Get the value for the NextToken parameter from the response to a "
          + "previous call of the operation.")
    }
    return seq
  }

  /// FNV-1a: finds mistakes, keeps no secret.
  private func seal(_ seq: Int64) -> UInt64 {
    "\(name) \(seq)".utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
