import TestSupport
import Testing

@testable import Model

@Suite("Rates of requests")
struct PaceTests {
  /// Requests made back to back for a minute, each as soon as its token is available.
  private func calls(
    _ operation: Model.Operation, as accounts: [AccountID], in pace: inout Pace
  ) -> Int {
    var uptime = Span.hours(1)
    var calls = 0
    while uptime < .hours(1) + 60_000 {
      if let wait = pace.take([operation], as: accounts[calls % accounts.count], at: uptime) {
        #expect(wait > .zero)
        uptime = Span(milliseconds: uptime.milliseconds + wait.milliseconds)
      } else {
        calls += 1
      }
    }
    return calls
  }

  @Test(
    "one account makes as many requests a minute as the service allows, and not one more",
    arguments: [
      (Model.Operation.acceptHandshake, 62), (.declineHandshake, 61), (.describeHandshake, 62),
      (.cancelHandshake, 123), (.inviteAccountToOrganization, 185), (.describeOrganization, 62),
    ])
  func oneAccount(operation: Model.Operation, most: Int) throws {
    var pace = Pace.organizations
    let made = calls(operation, as: [try Fixture.account("222233334444")], in: &pace)
    #expect((most - 2...most).contains(made))
  }

  @Test("the accounts of one organization share its bucket")
  func oneOrganization() throws {
    var pace = Pace.organizations
    let accounts = try (0..<100).map { try Fixture.account("2222333344\($0.padded(2))") }
    for account in accounts {
      pace.learn(
        try Fixture.identity(account.text, in: "o-a1b2c3d4e5", managedBy: "999900001111"))
    }
    #expect((303...305).contains(calls(.acceptHandshake, as: accounts, in: &pace)))
  }

  @Test("takes all the tokens of an attempt or none")
  func allOrNone() throws {
    var pace = Pace.organizations
    let account = try Fixture.account("222233334444")
    let attempt: [Model.Operation] = [.describeOrganization, .describeHandshake, .declineHandshake]
    #expect(pace.take(attempt, as: account, at: .hours(1)) == nil)
    #expect(pace.take(attempt, as: account, at: .hours(1)) == .seconds(1))
    // The one that waited took no tokens of the others.
    #expect(pace.take([.describeHandshake], as: account, at: .hours(1)) == nil)
  }

  @Test("waits as long as the service asks after throttling, even where it has no buckets")
  func drained() throws {
    var pace = Pace.unlimited
    let account = try Fixture.account("222233334444")
    #expect(pace.take([.acceptHandshake], as: account, at: .hours(1)) == nil)
    pace.drain(.acceptHandshake, as: account, for: .seconds(20), at: .hours(1))
    #expect(pace.take([.acceptHandshake], as: account, at: .hours(1)) == .seconds(20))
    #expect(pace.take([.acceptHandshake], as: account, at: .hours(1) + 20_000) == nil)
  }

  @Test("no pause that a service asks for is longer than a minute", arguments: [60_001, .max])
  func bounded(milliseconds: Int64) throws {
    var pace = Pace.organizations
    let account = try Fixture.account("222233334444")
    pace.drain(
      .acceptHandshake, as: account, for: Span(milliseconds: milliseconds), at: .hours(1))
    #expect(pace.take([.acceptHandshake], as: account, at: .hours(1)) == .seconds(60))
  }

  @Test("a machine that slept for years has a full bucket, and no more")
  func sleep() throws {
    var pace = Pace.organizations
    let account = try Fixture.account("222233334444")
    for _ in 0..<2 { #expect(pace.take([.acceptHandshake], as: account, at: .zero) == nil) }
    let late = Span(milliseconds: .max / 2)
    for _ in 0..<2 { #expect(pace.take([.acceptHandshake], as: account, at: late) == nil) }
    #expect(pace.take([.acceptHandshake], as: account, at: late) != nil)
  }

  @Test("the rates are those of the User Guide")
  func rates() {
    let rates = Model.Operation.describeHandshake.rates
    #expect(rates?.account == Model.Operation.Rate(perSecond: 1, burst: 2))
    #expect(rates?.organization == Model.Operation.Rate(perSecond: 6, burst: 10))
    #expect(Model.Operation.cancelHandshake.rates?.organization == nil)
    #expect(Model.Operation.inviteAccountToOrganization.rates?.account.burst == 5)
    #expect(Model.Operation.listAccounts.rates == nil)
  }

  @Test("an operation reads, writes or returns credentials; every listing reads")
  func effects() {
    for operation in Model.Operation.allCases {
      let signsIn = operation.rawValue.hasPrefix("AssumeRole")
      #expect([operation.isReadOnly, operation.isWriting, signsIn].count { $0 } == 1)
      let reads = ["Describe", "List", "Get"].contains { operation.rawValue.hasPrefix($0) }
      #expect(operation.isReadOnly == reads)
      #expect(operation.isListing == operation.rawValue.hasPrefix("List"))
    }
  }
}

extension Span {
  fileprivate static func + (span: Span, milliseconds: Int64) -> Span {
    Span(milliseconds: span.milliseconds + milliseconds)
  }
}
