import GRDB
import Model

// Accounts whose accept is refused, each for a reason of its own: the screens cannot know it before
// the service says so.

extension Planter {
  func plantRefusedAccounts() throws {
    // AccessDeniedForDependencyException
    try account("333344445555", "data-lake", "datalake@acme-holdings.example")
    try deny(Call.createRole, to: "333344445555")
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
      sql: """
        INSERT INTO delegated_administrators (account, organization, service)
        VALUES ('171717171717', ?, 'guardduty.amazonaws.com')
        """, arguments: [Demo.globex])
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
    PlantedInvitation(
      from: Demo.acme, to: "333344445555", left: .days(6) + .hours(3), "CHG-4411"),
    PlantedInvitation(from: Demo.acme, to: "141414141414", left: .days(7), "CHG-4412"),
    PlantedInvitation(from: Demo.acme, to: "151515151515", left: .days(8), "CHG-4413 EU finance"),
    PlantedInvitation(from: Demo.acme, to: "161616161616", left: .days(9), "CHG-4414"),
    PlantedInvitation(from: Demo.acme, to: "171717171717", left: .days(9) + .hours(5), "CHG-4415"),
    PlantedInvitation(from: Demo.acme, to: "181818181818", left: .days(10), "CHG-4416"),
    PlantedInvitation(from: Demo.acme, to: "202020202020", left: .days(10) + .hours(7), "CHG-4417"),
    PlantedInvitation(from: Demo.acme, to: "232323232323", left: .days(3), "CHG-4390"),
    PlantedInvitation(from: Demo.hooli, to: "212121212121", left: .days(5), "Partner pilot"),
    PlantedInvitation(from: Demo.newcomer, to: "282828282828", left: .days(13), "Welcome aboard"),
    // MasterCannotLeaveOrganizationException. A management account does not even see it.
    PlantedInvitation(from: Demo.globex, to: "242424242424", left: .days(4), "Join us"),
  ]
}
