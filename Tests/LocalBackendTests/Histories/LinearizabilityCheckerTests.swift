import Model
import TestSupport
import Testing
import Text

@testable import LocalBackend

/// The checker itself, over histories written by hand.
@Suite("The search for an order") struct LinearizabilityCheckerTests {
  private let model: ModelService
  private let manager = "100000000010"
  private let loner = "100000000041"
  private let id = "h-0123456789abcdef"

  init() {
    var model = ModelService(now: ManualTime.mockup, reading: .reference)
    for account in [manager, loner] {
      model.accounts[account] = ModelService.Account(
        id: account, name: account, email: "a\(account)@example.com",
        created: model.now - .days(900))
    }
    model.organizations["o-organization1"] = ModelService.Organization(
      id: "o-organization1", management: manager, features: .all, created: model.now - .days(400))
    model.accounts[manager]?.membership = ModelService.Membership(
      organization: "o-organization1", wasInvited: true)
    var ids = ModelService.NewIDs()
    ids.handshake = id
    _ = model.said(
      to: Step(
        number: 1, caller: manager, request: .invite(Invitation(to: .account(Untrusted(loner))))),
      ids)
    self.model = model
  }

  /// The answers to `requests` in this order.
  private func said(_ requests: [(String, Request)]) -> [String] {
    var model = model
    return requests.map { caller, request in
      model.said(to: Step(number: 2, caller: caller, request: request), ModelService.NewIDs()).line
    }
  }

  private func event(
    _ caller: String, _ request: Request, _ said: String, _ times: ClosedRange<Int64>
  ) -> Event {
    Event(
      step: Step(number: 2, caller: caller, request: request), began: times.lowerBound,
      ended: times.upperBound, said: said)
  }

  private func fits(_ events: [[Event]]) -> Bool {
    var search = LinearizabilityChecker(events, lastLooks: [])
    if case .found = search.run(from: model) { return true }
    return false
  }

  @Test("an accept and a cancel at once: one of them comes first, whichever it is")
  func either() {
    let (accept, cancel) = (Request.answer(.accept, id), Request.answer(.cancel, id))
    let accepted = said([(loner, accept), (manager, cancel)])
    let cancelled = said([(manager, cancel), (loner, accept)])
    #expect(accepted[0] != cancelled[1] && accepted[1] != cancelled[0])
    #expect(
      fits([
        [event(loner, accept, accepted[0], 0...9)], [event(manager, cancel, accepted[1], 1...8)],
      ]))
    #expect(
      fits([
        [event(loner, accept, cancelled[1], 0...9)], [event(manager, cancel, cancelled[0], 1...8)],
      ]))
    #expect(
      !fits([
        [event(loner, accept, accepted[0], 0...9)], [event(manager, cancel, cancelled[0], 1...8)],
      ]), "both were carried out")
  }

  @Test("a request that ended before another began does not come after it")
  func realTime() {
    let (accept, look) = (Request.answer(.accept, id), Request.describe(id))
    let late = said([(loner, accept), (loner, look)])
    let early = said([(loner, look)])
    let accepted = event(loner, accept, late[0], 0...4)
    #expect(fits([[accepted], [event(manager, look, late[1], 5...9)]]))
    #expect(!fits([[accepted], [event(manager, look, early[0], 5...9)]]))
    #expect(fits([[accepted], [event(manager, look, early[0], 3...9)]]))
  }

  @Test("the contents at the end count")
  func theEnd() {
    let accept = Request.answer(.accept, id)
    let events = [[event(loner, accept, said([(loner, accept)])[0], 0...4)]]
    let look = Step(number: 3, caller: loner, request: .identity)
    var search = LinearizabilityChecker(events, lastLooks: [(look, said([(loner, .identity)])[0])])
    guard case .none = search.run(from: model) else {
      Issue.record("it is in an organization by then")
      return
    }
  }
}
