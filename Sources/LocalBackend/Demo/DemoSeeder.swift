import Model
import Text

/// The writer of a new store's rows, with chosen dates and states.
///
/// Only seeding bypasses the service's rules this way; the schema's constraints still apply.
struct DemoSeeder {
  let db: Database
  let now: Timestamp
  var dice: SplitMix64

  init(_ options: Store.Options, now: Timestamp, db: Database) {
    self.db = db
    self.now = now
    dice = SplitMix64(seed: options.seed)
  }
}

/// The error of seed data that is invalid, which is a mistake in this folder.
struct ImpossibleDemo: Error, CustomStringConvertible {
  var description: String
}

extension DemoSeeder {
  /// Returns a version 4 UUID without dashes from the seeded generator, in the form of the
  /// service's ids.
  mutating func uuid() -> String {
    UUID4(random: withUnsafeBytes(of: (dice.next(), dice.next())) { [UInt8]($0) }).digits
  }

  mutating func handshakeID() throws -> HandshakeID {
    let text = "h-" + uuid()
    guard let id = HandshakeID(text) else { throw ImpossibleDemo(description: text) }
    return id
  }

  static func account(_ text: String) throws -> AccountID {
    guard let id = AccountID(text) else { throw ImpossibleDemo(description: text) }
    return id
  }

  static func organization(_ text: String) throws -> OrganizationID {
    guard let id = OrganizationID(text) else { throw ImpossibleDemo(description: text) }
    return id
  }

  /// Inserts an account that is about three years old, after `change` has modified it.
  @discardableResult
  func account(
    _ id: String, _ name: String, _ email: String, change: (inout AccountRow) -> Void = { _ in }
  ) throws -> AccountID {
    var row = AccountRow(
      id: try Self.account(id), name: Untrusted(name), email: email, created: now - .days(1_100))
    change(&row)
    try row.insert(db)
    return row.id
  }

  /// Inserts an organization that is two years old, after `change` has modified it.
  @discardableResult
  func organization(
    _ id: String, managedBy account: String, _ featureSet: FeatureSet = .all,
    change: (inout OrganizationRow) -> Void = { _ in }
  ) throws -> OrganizationID {
    var row = OrganizationRow(
      id: try Self.organization(id), managementAccount: try Self.account(account),
      featureSet: featureSet, created: now - .days(730))
    row.accountLimit = 100
    change(&row)
    try row.insert(db)
    return row.id
  }

  func member(
    _ account: String, of organization: String, _ method: MembershipRow.Method = .invited,
    since age: Span = .days(400)
  ) throws {
    try MembershipRow(
      account: try Self.account(account), organization: try Self.organization(organization),
      method: method, joined: now - age
    ).insert(db)
  }

  func deny(_ action: String, to account: String) throws {
    try db.execute(
      "INSERT INTO denied_actions (account, action) VALUES (?, ?)",
      [account, action])
  }

  func deny(_ action: String, toMembersOf organization: String) throws {
    try db.execute(
      "INSERT INTO policy_denials (organization, action) VALUES (?, ?)",
      [organization, action])
  }
}

/// An invitation to insert.
struct DemoInvitation {
  var from: String
  var to: String
  /// The time left of its fifteen days; negative if it expired that long ago.
  var left: Span
  var notes: Untrusted?
  /// The final state and the time since then, if it was answered.
  var answered: (HandshakeState, ago: Span)?
  /// The address that it was sent to instead of the account's number.
  ///
  /// `to` is the account with this address, or empty if no account has it.
  var address: String?

  init(
    from: String, to: String, left: Span, _ notes: String? = nil,
    answered: (HandshakeState, ago: Span)? = nil, address: String? = nil
  ) {
    self.from = from
    self.to = to
    self.left = left
    self.notes = notes.map { Untrusted($0) }
    self.answered = answered
    self.address = address
  }
}

extension DemoSeeder {
  static let invitationLife = Span.days(15)

  mutating func seed(_ invitation: DemoInvitation) throws {
    // Twenty minutes more, so that "6 d" still reads so when it is first looked at.
    let expires = now + invitation.left + (invitation.left > .zero ? .minutes(20) : .zero)
    let organization = try Self.organization(invitation.from)
    let recipient = invitation.to.isEmpty ? nil : try Self.account(invitation.to)
    guard
      let target = invitation.address.map(HandshakeRow.Target.email)
        ?? recipient.map(HandshakeRow.Target.account)
    else { throw ImpossibleDemo(description: "an invitation to nobody") }
    var row = HandshakeRow(
      id: try handshakeID(), organization: organization, kind: .invitation, action: .invite,
      state: .open, requested: expires - Self.invitationLife, expires: expires, target: target,
      recipient: recipient, notes: invitation.notes)
    if let (state, ago) = invitation.answered {
      row.state = state
      row.ended = now - ago
    } else if expires <= now {
      row.state = .expired
      row.ended = expires
    }
    try row.insert(db)
    // An invitation sent within a day counts towards the quota, unless it was accepted.
    if now - row.requested < .days(1), row.state != .accepted {
      try db.execute(
        "INSERT INTO attempts (handshake, organization, at) VALUES (?, ?, ?)",
        [row.id.text, organization.text, row.requested.milliseconds])
    }
  }
}

/// The contents of a new store.
extension DemoSeeder {
  static func seed(_ options: Store.Options, now: Timestamp, in db: Database) throws {
    var seeder = DemoSeeder(options, now: now, db: db)
    if options.empty {
      try seeder.seedNothingSent()
    } else if let size = options.size {
      try seeder.seedMany(size)
    } else {
      try seeder.seedDemo(options.reading)
    }
  }
}

extension DemoSeeder {
  /// Creates an organization with all features and its management account, and a standalone
  /// account.
  func seedNothingSent() throws {
    try account("100000000001", "management", "management@example.com") {
      $0.serviceLinkedRole = true
    }
    try account("100000000002", "standalone", "standalone@example.com")
    try organization("o-empty00000", managedBy: "100000000001") {
      $0.accountLimit = OrganizationRow.usualLimit
    }
  }
}

extension DemoSeeder {
  /// Creates `count` pending invitations from ⌈count/100⌉ organizations to min(count, 100)
  /// accounts.
  ///
  /// Each organization invites each account at most once.
  mutating func seedMany(_ count: Int) throws {
    let recipients = min(count, 100)
    let senders = (count + 99) / 100
    for number in 0..<recipients {
      try account(
        Self.number("1", number), Self.teamName(number), "root+\(number)@accounts.example")
    }
    for number in 0..<senders {
      let management = Self.number("7", number)
      try account(management, Self.companyName(number), "it@company\(number).example") {
        $0.serviceLinkedRole = true
      }
      try organization(Self.organizationName(number), managedBy: management) {
        $0.accountLimit = 1_000
      }
    }
    for number in 0..<count {
      let left = Span(milliseconds: Int64.random(in: 3_600_000..<1_290_000_000, using: &dice))
      try seed(
        DemoInvitation(
          from: Self.organizationName(number / 100), to: Self.number("1", number % 100),
          left: left, "CHG-\(1_000 + number)"))
    }
  }

  private static func number(_ prefix: String, _ number: Int) -> String {
    prefix + (number + 1).padded(11)
  }

  private static func organizationName(_ number: Int) -> String { "o-s" + number.padded(9) }

  private static func companyName(_ number: Int) -> String {
    let first = [
      "Northwind", "Blue Harbor", "Juniper", "Granite", "Larkspur", "Tidewater", "Ember",
    ]
    let second = ["Logistics", "Foods", "Health", "Energy", "Media", "Robotics", "Bank", "Rail"]
    return "\(first[number % 7]) \(second[number / 7 % 8]) \(number + 1)"
  }

  private static func teamName(_ number: Int) -> String {
    let team = ["payments", "search", "ledger", "mobile", "data", "risk", "portal", "build"]
    return "\(team[number % 8])-\(["dev", "test", "prod"][number / 8 % 3])-\(number + 1)"
  }
}
