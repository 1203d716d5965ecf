import GRDB
import Model
import Text

extension Call {
  /// ListHandshakesForAccount and ListHandshakesForOrganization. A page is a range of an index: the
  /// token names where it ended, so that no page costs more than another.
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
      let rows = try Row.fetchCursor(
        db.cachedStatement(sql: listing.sql), arguments: listing.arguments + [after, count])
      var found: [(position: Int64, item: StoredHandshake)] = []
      while let row = try rows.next() {
        let stored = try StoredHandshake(row)
        found.append((stored.seq, stored))
      }
      return found
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
      // A management account does not even see the invitations that it could not accept.
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
    let forgotten = (now - Settlement.memory).milliseconds
    listing.require(
      "coalesce(handshakes.ended, handshakes.expires) > ?", [forgotten])
    return listing
  }
}

/// One listing's conditions.
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
}
