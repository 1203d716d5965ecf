import Model
import Testing

@testable import Sandbox

@Suite("A fault rule")
struct FaultRuleTests {
  private static let written: [(String, FaultRule)] = [
    ("throttle", FaultRule(.throttle)),
    ("5xx-before,status=503", FaultRule(.errorBefore(status: 503))),
    (
      "5xx-after,status=500,op=AcceptHandshake",
      FaultRule(.errorAfter(status: 500), operation: .acceptHandshake)
    ),
    ("lost-before", FaultRule(.lostBefore)),
    ("lost,count=2", FaultRule(.lost, count: 2)),
    ("reset,probability=0.25", FaultRule(.reset, probability: 0.25)),
    ("truncated", FaultRule(.truncated(bytes: nil))),
    ("truncated,bytes=0", FaultRule(.truncated(bytes: 0))),
    ("slow,delay=2000", FaultRule(.slow(.seconds(2)))),
    ("late,delay=50", FaultRule(.late(Span(milliseconds: 50)))),
    ("trickle,delay=20", FaultRule(.trickle(Span(milliseconds: 20)))),
    ("html-before,status=407", FaultRule(.htmlBefore(status: 407))),
    ("html,status=200", FaultRule(.html(status: 200))),
    ("empty-pages", FaultRule(.emptyPages)),
    ("skew,by=-600s", FaultRule(.skew(.zero - .minutes(10)))),
  ]

  @Test("is read as it is written", arguments: written)
  func roundTrip(_ text: String, _ rule: FaultRule) throws {
    #expect(try FaultRule(text) == rule)
    #expect(rule.description == text)
  }

  @Test("takes short forms")
  func shortForms() throws {
    #expect(try FaultRule("slow").fault == .slow(.seconds(2)))
    #expect(try FaultRule("slow,delay=3s").fault == .slow(.seconds(3)))
    #expect(try FaultRule("skew,by=10m").fault == .skew(.minutes(10)))
    #expect(try FaultRule("lost,operation=ListAccounts").operation == .listAccounts)
  }

  @Test(
    "is refused when it is invalid",
    arguments: [
      "", "nonsense", "lost,", "lost,count", "lost,count=0", "lost,count=x", "lost,count=1,count=2",
      "lost,op=Nothing", "lost,probability=2", "lost,status=500", "5xx-before,status=400",
      "5xx-after,status=501", "slow,delay=-1", "slow,delay=2h", "html,status=99", "skew,by=ten",
      "truncated,bytes=-1",
    ])
  func malformed(_ text: String) {
    #expect(throws: FaultRule.Malformed.self) { try FaultRule(text) }
  }

  @Test("has a line of help for each kind")
  func grammar() throws {
    for entry in FaultRule.grammar { #expect(try FaultRule(entry.kind).fault.name == entry.kind) }
  }
}

@Suite("The fault switch")
struct FaultSwitchTests {
  @Test("injects into the chosen operations, as often as chosen")
  func counts() {
    let faults = FaultSwitch(
      [
        FaultRule(.lost, operation: .acceptHandshake, count: 2),
        FaultRule(.slow(.seconds(1)), count: 1),
      ], seed: 1)
    let first = faults.inject(.acceptHandshake)
    #expect(first.after == .lost)
    #expect(first.delayAfter == .seconds(1))
    #expect(faults.inject(.describeHandshake) == InjectedFault())
    #expect(faults.inject(.acceptHandshake).after == .lost)
    #expect(faults.inject(.acceptHandshake) == InjectedFault())
    #expect(faults.rules.isEmpty)
  }

  @Test("applies one fault at a time to a reply")
  func oneAtATime() {
    let faults = FaultSwitch([FaultRule(.throttle, count: 1), FaultRule(.lost, count: 1)], seed: 1)
    #expect(faults.inject(.acceptHandshake).before == .throttle)
    #expect(faults.inject(.acceptHandshake).after == .lost)
  }

  @Test("is deterministic for a given seed, with about the given frequency")
  func probability() {
    func run(_ seed: UInt64) -> [Bool] {
      let faults = FaultSwitch([FaultRule(.lost, probability: 0.25)], seed: seed)
      return (0..<2_000).map { _ in faults.inject(.acceptHandshake).after == .lost }
    }
    #expect(run(1) == run(1))
    #expect(run(1) != run(2))
    #expect((400...600).contains(run(1).count { $0 }))
  }
}
