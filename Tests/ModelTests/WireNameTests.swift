import Model
import TestSupport
import Testing
import Text

@Suite struct WireNameTests {
  private func checkAll<Name: WireName>(_ type: Name.Type, count: Int) {
    #expect(Name.allKnown.count == count)
    #expect(Set(Name.allKnown).count == count)
    #expect(Set(Name.allKnown.compactMap(\.knownName)).count == count)
    for value in Name.allKnown {
      #expect(Name(wireName: value.wireName) == value)
      #expect(value.unknownText == nil)
      #expect(value.wireName == value.knownName.map { Untrusted($0) })
      // Names are case sensitive.
      let name = value.knownName ?? ""
      let other = name == name.uppercased() ? name.lowercased() : name.uppercased()
      #expect(Name(wireName: Untrusted(other)).unknownText == Untrusted(other))
    }
    for text in ["", "NEW_IN_2031", "OPEN\u{301}", "\u{1B}[31m"] {
      let value = Name(wireName: Untrusted(text))
      #expect(value == .unknown(Untrusted(text)))
      #expect(value.wireName == Untrusted(text))
      #expect(value.knownName == nil)
    }
  }

  @Test("every name of the service survives a round trip; others are kept as written")
  func all() {
    checkAll(HandshakeState.self, count: 6)
    checkAll(Action.self, count: 5)
    checkAll(PartyType.self, count: 3)
    checkAll(ResourceType.self, count: 14)
    checkAll(FeatureSet.self, count: 2)
    checkAll(ServiceException.self, count: 30)
    checkAll(Reason.self, count: 1 + 16 + 48 + 41 - 2)
  }

  @Test("the reasons of each exception are complete: 1, 16, 48 and 41, two of them shared")
  func reasons() {
    #expect(Set(Reason.ofDependency).count == 1)
    #expect(Set(Reason.ofHandshakeConstraint).count == 16)
    #expect(Set(Reason.ofConstraint).count == 48)
    #expect(Set(Reason.ofInput).count == 41)
    let shared = Set(Reason.ofHandshakeConstraint).intersection(Reason.ofConstraint)
    #expect(shared == [.accountNumberLimitExceeded, .handshakeRateLimitExceeded])
    let all =
      Reason.ofDependency + Reason.ofHandshakeConstraint + Reason.ofConstraint + Reason.ofInput
    #expect(Set(all) == Set(Reason.allKnown))
  }

  @Test("a state is pending, terminal, or unknown: never two of these")
  func states() {
    #expect(HandshakeState.allKnown.filter(\.isPending) == [.requested, .open])
    #expect(
      Set(HandshakeState.allKnown.filter(\.isTerminal)) == [
        .canceled, .accepted, .declined, .expired,
      ])
    let unknown = HandshakeState.unknown(Untrusted("NEW"))
    #expect(!unknown.isPending && !unknown.isTerminal)
  }

  @Test("names, addresses, notes and unknown values are the sender's text")
  func sendersText() {
    let types = ResourceType.allKnown + [.unknown(Untrusted("NEW"))]
    #expect(
      Set(types.filter(\.isSendersText)) == [
        .masterEmail, .masterName, .notes, .managementEmail, .managementName,
        .unknown(Untrusted("NEW")),
      ])
  }
}
