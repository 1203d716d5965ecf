import Model
import Text

/// The demonstration: a small, plausible set of organizations.
///
/// Every action, state, trap and kind of refusal occurs once. Dates are relative to the clock.
extension DemoSeeder {
  mutating func seedDemo(_ reading: Store.Reading) throws {
    try seedDemoSenders()
    try seedDemoAccounts()
    try seedRefusedAccounts()
    for invitation in Self.pendingInvitations + Self.refusedInvitations + Self.settledInvitations {
      try seed(invitation)
    }
    try seedMigrations(reading)
    try seedTransfers()
  }
}

/// The ids of the demonstration's organizations, named by their roles.
enum Demo {
  static let acme = "o-a1b2c3d4e5"
  static let labs = "o-lab0lab1la"
  static let retail = "o-re7a1lre7a"
  static let lookAlike = "o-zz9y8x7w6v"
  static let globex = "o-q7w8e9r0t1"
  static let phisher = "o-hh2jj4kk6l"
  static let initrode = "o-in1tr0de55"
  static let hooli = "o-h00l1h00l1"
  static let wayne = "o-wayne12345"
  static let newcomer = "o-brandnew01"
}

/// The trust list of the demonstration.
public enum DemoTrust {
  /// One trusted organization.
  public struct Entry: Hashable, Sendable {
    /// The organization's id, `o-…`.
    public let organization: String
    /// The management account's number.
    public let managementAccount: String
    /// The name that the operator knows the organization by.
    public let name: String
  }

  /// The two trusted organizations, Acme Holdings and Acme Labs.
  public static let entries = [
    Entry(organization: Demo.acme, managementAccount: "999900001111", name: "Acme Holdings"),
    Entry(organization: Demo.labs, managementAccount: "999900005555", name: "Acme Labs"),
  ]
}

extension DemoSeeder {
  /// Creates the senders' organizations and management accounts.
  func seedDemoSenders() throws {
    let managers = [
      ("999900001111", "Acme Holdings", "it@acme-holdings.example"),
      ("999900005555", "Acme Labs", "labs@acme-holdings.example"),
      ("999900007777", "Acme Retail", "retail@acme-holdings.example"),
      ("888800002222", "Acme Ho1dings", "it@acme-hoIdings.example"),
      ("777700003333", "Globex Corp", "cloud@globex.example"),
      ("666600004444", "AWS Billing Support", "aws-billing@support-desk.example"),
      ("555500008888", "Initrode", "platform@initrode.example"),
      ("444400009999", "Hooli", "accounts@hooli.example"),
      ("242424242424", "Wayne Enterprises", "root@wayne.example"),
      ("333300001212", "Brand New Inc", "founder@brandnew.example"),
    ]
    for (id, name, email) in managers {
      try account(id, name, email) { $0.serviceLinkedRole = true }
    }
    try organization(Demo.acme, managedBy: "999900001111")
    try organization(Demo.labs, managedBy: "999900005555", .consolidatedBilling)
    try organization(Demo.retail, managedBy: "999900007777", .consolidatedBilling)
    try organization(Demo.lookAlike, managedBy: "888800002222")
    try organization(Demo.globex, managedBy: "777700003333")
    try organization(Demo.phisher, managedBy: "666600004444")
    try organization(Demo.initrode, managedBy: "555500008888")
    // An account is being created in it, so other changes have to wait.
    try organization(Demo.hooli, managedBy: "444400009999") {
      $0.changingUntil = now + .days(1)
    }
    try organization(Demo.wayne, managedBy: "242424242424")
    try organization(Demo.newcomer, managedBy: "333300001212") { $0.created = now - .days(2) }
    try deny("organizations:LeaveOrganization", toMembersOf: Demo.initrode)
  }

  /// Creates the recipients that can accept.
  func seedDemoAccounts() throws {
    try account("111122223333", "acme-prod", "prod@acme-holdings.example") {
      $0.serviceLinkedRole = true
    }
    try member("111122223333", of: Demo.acme)
    try account("222233334444", "acme-dev", "dev@acme-holdings.example")
    try account("444455556666", "sandbox-7", "sandbox7@acme-holdings.example")
    try account("121212121212", "research-1", "research1@acme-holdings.example")
    try account("131313131313", "research-2", "research2@acme-holdings.example")
    try account("272727272727", "web-shop", "webshop@acme-holdings.example")
  }
}

extension DemoSeeder {
  /// The pending invitations.
  static let pendingInvitations = [
    // A sender who looks like another, and notes that try to rewrite the screen.
    DemoInvitation(
      from: Demo.lookAlike, to: "111122223333", left: .hours(42),
      "URGENT - accept today or billing stops.\n\u{1B}[2K\u{202E}All ok - trusted organization"),
    // Expires tomorrow.
    DemoInvitation(from: Demo.acme, to: "272727272727", left: .hours(26), "CHG-4402 web shop"),
    DemoInvitation(
      from: Demo.acme, to: "222233334444", left: .days(6), "CHG-4411 move to the new organization"),
    // Two for one account: it can join only one.
    DemoInvitation(
      from: Demo.globex, to: "444455556666", left: .days(11), "Globex pilot, as discussed"),
    DemoInvitation(from: Demo.acme, to: "444455556666", left: .days(12), "CHG-4420"),
    DemoInvitation(
      from: Demo.phisher, to: "111122223333", left: .days(14),
      "Verify your account\u{200B}\u{200B} now: \u{1B}]8;;https://evil.example\u{7}aws.amazon.com"
        + "\u{1B}]8;;\u{7}\r\n\u{E0041}\u{E0042}Z\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}algo "
        + "\u{202E}detsurt\u{202C} \u{5D0}\u{5D9}\u{5E9}\u{5D5}\u{5E8} \u{2039}U+202E\u{203A}"),
    // Sent while the migration runs: AWS's pages disagree whether that is allowed.
    DemoInvitation(from: Demo.labs, to: "121212121212", left: .days(14), "INC-9 pilot"),
    DemoInvitation(
      from: Demo.labs, to: "131313131313", left: .days(14) + .hours(1), "INC-9 pilot"),
    // Sent to an address: of an account that is here, and of nobody.
    DemoInvitation(
      from: Demo.globex, to: "272727272727", left: .days(13) + .hours(2), "Call me back",
      address: "webshop@acme-holdings.example"),
    DemoInvitation(
      from: Demo.acme, to: "", left: .days(5) + .hours(4), "CHG-4419",
      address: "newcomer@elsewhere.example"),
  ]

  /// The ended invitations that the service still shows.
  static let settledInvitations = [
    DemoInvitation(
      from: Demo.acme, to: "111122223333", left: .days(-6), "CHG-4301",
      answered: (.accepted, ago: .days(20))),
    DemoInvitation(
      from: Demo.phisher, to: "222233334444", left: .days(3), "Final notice",
      answered: (.declined, ago: .days(2))),
    DemoInvitation(
      from: Demo.globex, to: "121212121212", left: .days(4), "Sent by mistake",
      answered: (.canceled, ago: .days(5))),
    DemoInvitation(from: Demo.hooli, to: "131313131313", left: .days(-9), "Still interested?"),
  ]
}

extension DemoSeeder {
  private static let migrationLife = Span.days(90)

  /// Creates two migrations to all features: one waits for its members, one can be finalised.
  mutating func seedMigrations(_ reading: Store.Reading) throws {
    try account("555566667777", "legacy-billing", "billing@acme-retail.example")
    try account("262626262626", "retail-old", "old@acme-retail.example") {
      $0.createdBy = OrganizationID(Demo.retail)
    }
    try account("292929292929", "retail-till", "till@acme-retail.example")
    try account("303030303030", "labs-core", "core@acme-labs.example") {
      $0.serviceLinkedRole = true
    }
    for retailer in ["555566667777", "292929292929"] {
      try member(retailer, of: Demo.retail)
    }
    try member("262626262626", of: Demo.retail, .created)
    try member("303030303030", of: Demo.labs)

    let waiting = try parent(of: Demo.retail, .requested, since: .days(20), reading)
    try consent("555566667777", to: waiting, .open, reading)
    try consent("292929292929", to: waiting, .accepted, reading)
    // The organization created this account, which has since deleted the service-linked role.
    try consent("262626262626", to: waiting, .open, reading, kind: .roleConsent)

    let ready = try parent(of: Demo.labs, .open, since: .days(30), reading)
    try consent("303030303030", to: ready, .accepted, reading)
  }

  private mutating func parent(
    of organization: String, _ state: HandshakeState, since age: Span, _ reading: Store.Reading
  ) throws -> HandshakeRow {
    let row = HandshakeRow(
      id: try handshakeID(), organization: try Self.organization(organization),
      kind: .finalisation, action: reading.parentAction, state: state, requested: now - age,
      expires: now - age + Self.migrationLife)
    try row.insert(db)
    return row
  }

  private mutating func consent(
    _ account: String, to parent: HandshakeRow, _ state: HandshakeState, _ reading: Store.Reading,
    kind: HandshakeRow.Kind = .consent
  ) throws {
    let member = try Self.account(account)
    let action =
      kind == .roleConsent ? .addOrganizationsServiceLinkedRole : reading.childAction
    try HandshakeRow(
      id: try handshakeID(), organization: parent.organization, kind: kind, action: action,
      state: state, requested: parent.requested + .seconds(1), expires: parent.expires,
      ended: state.isTerminal ? now - .days(3) : nil, target: .account(member),
      recipient: member, parent: parent.id
    ).insert(db)
  }
}

extension DemoSeeder {
  /// Creates two offers to pay a bill: to an organization, and to an account that has no bill to
  /// give.
  mutating func seedTransfers() throws {
    try transfer("Wayne bills 2027", from: Demo.globex, to: "242424242424")
    try transfer("Solo shop bills", from: Demo.globex, to: "252525252525")
  }

  private mutating func transfer(
    _ name: String, from payer: String, to recipient: String
  ) throws {
    let id = "rt-" + uuid()
    let organization = try Self.organization(payer)
    let account = try Self.account(recipient)
    let starts = monthAfterNext
    try db.execute(
      "INSERT INTO responsibility_transfers (id, name, starts, payer) VALUES (?, ?, ?, ?)",
      [id, name, starts.milliseconds, organization.text])
    try HandshakeRow(
      id: try handshakeID(), organization: organization, kind: .transfer,
      action: .transferResponsibility, state: .requested, requested: now - .days(2),
      expires: starts - .days(1), target: .account(account), recipient: account, transfer: id,
      notes: nil
    ).insert(db)
  }

  /// The first day of the month after the next, the latest allowed start of a transfer.
  ///
  /// The first of the next month may be too soon.
  private var monthAfterNext: Timestamp {
    let today = CivilDate(now)
    let month = today.month + 2
    return CivilDate(
      year: today.year + (month - 1) / 12, month: (month - 1) % 12 + 1, day: 1
    ).instant
  }
}

// Accounts whose accept is refused, each for a different reason that the screens cannot know before
// the service replies.

extension DemoSeeder {
  func seedRefusedAccounts() throws {
    // AccessDeniedForDependencyException
    try account("333344445555", "data-lake", "datalake@acme-holdings.example")
    try deny(Transaction.createRole, to: "333344445555")
    // AccessDeniedException: its own permissions
    try account("141414141414", "locked-down", "locked@acme-holdings.example")
    try deny("organizations:AcceptHandshake", to: "141414141414")
    // AccessDeniedException: the policy of the organization that it would leave
    try account("151515151515", "finance-eu", "finance-eu@initrode.example")
    try member("151515151515", of: Demo.initrode)
    // ConstraintViolationException, WAIT_PERIOD_ACTIVE: made by its organization two days ago
    let globex = try Self.organization(Demo.globex)
    try account("161616161616", "new-hire", "new-hire@globex.example") {
      $0.created = now - .days(2)
      $0.createdBy = globex
      $0.serviceLinkedRole = true
    }
    try member("161616161616", of: Demo.globex, .created, since: .days(2))
    // ConstraintViolationException, CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG
    try account("171717171717", "audit-hub", "audit@globex.example")
    try member("171717171717", of: Demo.globex)
    try db.execute(
      """
      INSERT INTO delegated_administrators (account, organization, service)
      VALUES ('171717171717', ?, 'guardduty.amazonaws.com')
      """, [Demo.globex])
    // HandshakeConstraintViolationException, PAYMENT_INSTRUMENT_REQUIRED
    try account("181818181818", "no-card", "no-card@example.com") { $0.payment = .none }
    // HandshakeConstraintViolationException, ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD
    try account("202020202020", "india-shop", "shop@acme-india.example") { $0.seller = "AWS India" }
    // HandshakeConstraintViolationException, ALREADY_IN_AN_ORGANIZATION: it joined another way
    try account("232323232323", "acme-core", "core@acme-holdings.example") {
      $0.serviceLinkedRole = true
    }
    try member("232323232323", of: Demo.acme, since: .days(1))
    // ConcurrentModificationException: Hooli is being changed
    try account("212121212121", "hooli-app", "app@hooli-partner.example")
    // ConstraintViolationException, WAIT_PERIOD_ACTIVE: the new organization is two days old
    try account("282828282828", "pilot-app", "pilot@globex.example")
    try member("282828282828", of: Demo.globex)
    // AWSOrganizationsNotInUseException: a bill is handed over by an organization, and it has none
    try account("252525252525", "solo-shop", "owner@solo-shop.example")
  }

  static let refusedInvitations = [
    DemoInvitation(
      from: Demo.acme, to: "333344445555", left: .days(6) + .hours(3), "CHG-4411"),
    DemoInvitation(from: Demo.acme, to: "141414141414", left: .days(7), "CHG-4412"),
    DemoInvitation(from: Demo.acme, to: "151515151515", left: .days(8), "CHG-4413 EU finance"),
    DemoInvitation(from: Demo.acme, to: "161616161616", left: .days(9), "CHG-4414"),
    DemoInvitation(from: Demo.acme, to: "171717171717", left: .days(9) + .hours(5), "CHG-4415"),
    DemoInvitation(from: Demo.acme, to: "181818181818", left: .days(10), "CHG-4416"),
    DemoInvitation(from: Demo.acme, to: "202020202020", left: .days(10) + .hours(7), "CHG-4417"),
    DemoInvitation(from: Demo.acme, to: "232323232323", left: .days(3), "CHG-4390"),
    DemoInvitation(from: Demo.hooli, to: "212121212121", left: .days(5), "Partner pilot"),
    DemoInvitation(from: Demo.newcomer, to: "282828282828", left: .days(13), "Welcome aboard"),
    // MasterCannotLeaveOrganizationException. A management account does not even see the
    // invitation.
    DemoInvitation(from: Demo.globex, to: "242424242424", left: .days(4), "Join us"),
  ]
}
