import Model
import TestSupport
import Text

@testable import LocalBackend

// An initial world, drawn from a seed: some organizations, their members, some standalone accounts,
// and facts about them that handshakes depend on.

extension ModelService {
  static func drawn(
    _ random: inout SeededRandom, now: Timestamp, _ pace: Pace
  ) -> ModelService {
    var world = ModelService(now: now, reading: Bool.random(using: &random) ? .guide : .reference)
    let count = Int.random(in: 2...3, using: &random)
    for number in 1...count { world.addOrganization(number, pace, &random) }
    for number in 1...Int.random(in: 2...4, using: &random) {
      world.addAccount("4\(number)", "Loner \(number)", &random)
    }
    return world
  }

  private mutating func addOrganization(
    _ number: Int, _ pace: Pace, _ random: inout SeededRandom
  ) {
    let manager = addAccount("\(number)0", "Manager \(number)", &random)
    accounts[manager]?.isActive = true
    accounts[manager]?.isDelegate = false
    var made = Organization(
      id: "o-organization\(number)", management: manager,
      features: pace == .migrating || random.often(2, of: 3) ? .consolidatedBilling : .all,
      created: now - .days(random.pick([1, 6, 7, 400])))
    made.limit = pace == .usual ? random.pick([3, 5, 8, 30]) : 20
    made.ready = pace == .usual && random.often(1, of: 8) ? now + .minutes(30) : nil
    made.changingUntil = pace == .usual && random.often(1, of: 8) ? now + .hours(2) : nil
    if random.often(1, of: 3) {
      made.denied = Set(
        random.some(of: ["organizations:LeaveOrganization", "organizations:DeclineHandshake"]))
    }
    organizations[made.id] = made
    accounts[manager]?.membership = Membership(organization: made.id, wasInvited: true)
    for member in 1...3 where pace == .migrating || random.often(2, of: 3) {
      let id = addAccount("\(number)\(member)", "Member \(number)\(member)", &random)
      accounts[id]?.membership = Membership(
        organization: made.id, wasInvited: random.often(2, of: 3))
      accounts[id]?.isDelegate = random.often(1, of: 8)
      accounts[id]?.hasRole = random.often(4, of: 5)
    }
  }

  @discardableResult
  private mutating func addAccount(
    _ number: String, _ name: String, _ random: inout SeededRandom
  ) -> String {
    let id = "1000000000\(number)"
    var made = Account(
      id: id, name: name, email: "Account\(number)@Example.com",
      created: now - .days(random.pick([0, 3, 4, 900])))
    made.isActive = !random.often(1, of: 30)
    made.seller = random.often(1, of: 12) ? "AWS India" : made.seller
    made.payment = random.often(1, of: 8) ? random.pick([.none, .invalid]) : .valid
    made.emailVerified = !random.often(1, of: 20)
    made.phoneVerified = !random.often(1, of: 12)
    made.agreementAccepted = !random.often(1, of: 12)
    made.pastDue = random.often(1, of: 15)
    made.prepaidBalance = random.often(1, of: 15)
    made.legacyPermissions = random.often(1, of: 15)
    if random.often(1, of: 5) {
      made.denied = Set(random.some(of: Self.deniable).filter { _ in random.often(1, of: 4) })
    }
    accounts[id] = made
    return id
  }

  private static let deniable = [
    "iam:CreateServiceLinkedRole", "organizations:AcceptHandshake",
    "organizations:DeclineHandshake", "organizations:LeaveOrganization",
    "organizations:TagResource", "organizations:ListHandshakesForAccount",
  ]
}

// MARK: The same world in a store

extension ModelService {
  func plant(in db: Database) throws {
    for account in accounts.values.sorted(by: { $0.id < $1.id }) { try plant(account, in: db) }
    for made in organizations.values.sorted(by: { $0.id < $1.id }) {
      var row = OrganizationRow(
        id: try Fixture.organization(made.id),
        managementAccount: try Fixture.account(made.management), featureSet: made.features,
        created: made.created)
      (row.accountLimit, row.ready, row.changingUntil) =
        (made.limit, made.ready, made.changingUntil)
      try row.insert(db)
      for action in made.denied {
        try db.execute("INSERT INTO policy_denials VALUES (?, ?)", [made.id, action])
      }
      for member in members(of: made.id) where member.id != made.management {
        try plant(member, of: made, in: db)
      }
    }
  }

  private func plant(_ account: Account, in db: Database) throws {
    var row = AccountRow(
      id: try Fixture.account(account.id), name: Untrusted(account.name), email: account.email,
      created: account.created)
    row.status = account.isActive ? .active : .suspended
    row.seller = account.seller
    row.payment = AccountRow.Payment(rawValue: account.payment.rawValue) ?? .valid
    row.emailVerified = account.emailVerified
    row.phoneVerified = account.phoneVerified
    row.agreementAccepted = account.agreementAccepted
    row.pastDue = account.pastDue
    row.prepaidBalance = account.prepaidBalance
    row.legacyPermissions = account.legacyPermissions
    row.serviceLinkedRole = account.hasRole
    try row.insert(db)
    for action in account.denied {
      try db.execute("INSERT INTO denied_actions VALUES (?, ?)", [account.id, action])
    }
  }

  private func plant(_ member: Account, of made: Organization, in db: Database) throws {
    try MembershipRow(
      account: try Fixture.account(member.id), organization: try Fixture.organization(made.id),
      method: member.membership?.wasInvited == true ? .invited : .created, joined: made.created
    ).insert(db)
    if member.isDelegate {
      try db.execute(
        "INSERT INTO delegated_administrators VALUES (?, ?, 'x')", [member.id, made.id])
    }
  }
}

extension SeededRandom {
  mutating func often(_ times: Int, of all: Int) -> Bool {
    Int.random(in: 0..<all, using: &self) < times
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }

  mutating func some<Element>(of elements: [Element]) -> [Element] {
    elements.filter { _ in Bool.random(using: &self) }
  }
}
