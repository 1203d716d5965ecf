import GRDB
import Model

/// The demonstration: a small, believable set of organizations in which every action, every state,
/// every trap and every way to be refused is met once. Dates are relative to the clock.
extension Planter {
  mutating func plantDemo(_ reading: Store.Reading) throws {
    try plantDemoSenders()
    try plantDemoAccounts()
    try plantRefusedAccounts()
    for invitation in Self.pendingInvitations + Self.refusedInvitations + Self.settledInvitations {
      try plant(invitation)
    }
    try plantMigrations(reading)
    try plantTransfers()
  }
}

/// The organizations of the demonstration by the parts they play.
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

/// The organizations that the demonstration's trust list names.
public enum DemoTrust {
  public struct Entry: Hashable, Sendable {
    public let organization: String
    public let managementAccount: String
    public let name: String
  }

  public static let entries = [
    Entry(organization: Demo.acme, managementAccount: "999900001111", name: "Acme Holdings"),
    Entry(organization: Demo.labs, managementAccount: "999900005555", name: "Acme Labs"),
  ]
}

extension Planter {
  /// Who asks.
  func plantDemoSenders() throws {
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
    // An account is being created in it: whoever changes it too has to wait.
    try organization(Demo.hooli, managedBy: "444400009999") {
      $0.changingUntil = now + .days(1)
    }
    try organization(Demo.wayne, managedBy: "242424242424")
    try organization(Demo.newcomer, managedBy: "333300001212") { $0.created = now - .days(2) }
    try deny("organizations:LeaveOrganization", toMembersOf: Demo.initrode)
  }

  /// Who is asked, and may accept.
  func plantDemoAccounts() throws {
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
