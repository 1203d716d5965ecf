import GRDB
import Model
import Text

extension Planter {
  /// `count` pending invitations from ⌈count/100⌉ organizations to min(count, 100) accounts: each
  /// organization asks each account at most once.
  mutating func plantMany(_ count: Int) throws {
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
      try plant(
        PlantedInvitation(
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
