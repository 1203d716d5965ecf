import LocalBackend
import Model
import TestSupport
import Text

// Draws the next step from a seed and the present contents, so that most steps have an effect.

extension ModelService {
  /// The main subject of a script.
  enum Pace {
    /// All kinds of steps, over months.
    case usual
    /// Little time passes, so that the day's quota is exhausted.
    case busy
    /// Members consent, decline, leave and return while all features are being enabled.
    case migrating

    init(seed: UInt64) { self = seed % 4 == 0 ? .busy : seed % 4 == 1 ? .migrating : .usual }
  }

  func drawStep(_ number: UInt64, _ pace: Pace, _ random: inout SeededRandom) -> Step {
    if pace == .migrating, random.often(2, of: 3) {
      let (caller, request) = drawMigration(&random)
      return Step(number: number, caller: caller, request: request)
    }
    let busy = pace == .busy
    let everybody = accounts.keys.sorted() + ["999999999999"]
    var step = Step(number: number, caller: random.pick(everybody), request: .identity)
    let managers = organizations.values.map(\.management).sorted()
    let chance = Int.random(in: 0..<100, using: &random)
    switch busy && chance >= 75 && chance < 95 ? 60 : chance {
    case 0..<14: step.request = drawListing(&random)
    case 14..<20:
      (step.caller, step.request) = drawParty(&random) { .describe($0) }
    case 20..<48: (step.caller, step.request) = drawAnswer(&random)
    case 48..<67:
      if random.often(9, of: 10) { step.caller = busy ? managers[0] : random.pick(managers) }
      step.request = .invite(drawInvitation(everybody, busy: busy, &random))
    case 67..<71:
      if random.often(9, of: 10) { step.caller = random.pick(managers) }
      step.request = .enableAllFeatures
    case 71..<73:
      step.request = .leave
      if busy { step.caller = drawMember(&random) ?? step.caller }
    case 73..<75:
      step.caller = random.pick(managers)
      step.request = .remove(random.pick(everybody))
    case 75..<77: step.request = .found(random.pick([.all, .consolidatedBilling]))
    case 77..<79:
      step.caller = random.pick(managers)
      step.request = .createAccount(address: drawAddress(&random))
    case 79..<83:
      step.caller = random.pick(managers)
      step.request = .askToPay(drawTransfer(managers, &random))
    case 83..<90:
      if random.often(9, of: 10) { step.caller = random.pick(managers) }
      step.request = drawAboutTransfer(&random)
    default: step.request = busy ? .wait(.seconds(5)) : drawTime(&random)
    }
    return step
  }

  // MARK: Reading

  private func drawListing(_ random: inout SeededRandom) -> Request {
    var query = Query(random.often(1, of: 2) ? .received : .sent)
    if random.often(1, of: 4) {
      query.filter = .action(random.pick(Action.allKnown))
    } else if random.often(1, of: 6), let parent = offers.last(where: { $0.kind == .finalisation }),
      let id = HandshakeID(parent.id)
    {
      query.filter = .parent(id)
    }
    return random.often(1, of: 12)
      ? .members : .list(query, limit: random.pick([nil, 1, 2, 7, 20]))
  }

  // MARK: Answering

  /// A handshake and, mostly, an account that is a party.
  private func drawParty(
    _ random: inout SeededRandom, _ request: (String) -> Request
  ) -> (String, Request) {
    let stranger = random.pick(accounts.keys.sorted())
    let pending = offers.filter(\.isPending)
    let among = random.often(3, of: 4) && !pending.isEmpty ? pending : offers.suffix(15)
    guard !among.isEmpty, !random.often(1, of: 40) else {
      return (stranger, request(random.pick(["h-SHORT", "", "h-00000000", "7d1f0c2a9b44e8aa"])))
    }
    let offer = random.pick(Array(among))
    let sender = organizations[offer.sender]?.management ?? stranger
    let recipient = offer.recipient ?? sender
    let caller = random.pick([recipient, recipient, recipient, sender, sender, stranger])
    return (caller, request(offer.id))
  }

  private func drawAnswer(_ random: inout SeededRandom) -> (String, Request) {
    let answer = random.pick([Answer.accept, .accept, .accept, .decline, .cancel])
    return drawParty(&random) { .answer(answer, $0) }
  }

  private func drawMigration(_ random: inout SeededRandom) -> (String, Request) {
    let managers = organizations.values.map(\.management).sorted()
    let waiting = offers.filter { $0.isPending && $0.recipient != nil }
    let gone = offers.filter { $0.isMoot }.compactMap(\.recipient)
    let home = managers[0]
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return (home, .enableAllFeatures)
    case 1, 2:
      guard let member = drawMember(&random) else { return (home, .members) }
      return random.often(1, of: 2) ? (member, .leave) : (home, .remove(member))
    case 3..<6:
      guard !gone.isEmpty else { return (home, .identity) }
      return (home, .invite(Invitation(to: .account(Untrusted(random.pick(gone))))))
    case 6..<10:
      guard !waiting.isEmpty else { return (home, .list(Query(.sent), limit: nil)) }
      let offer = random.pick(waiting)
      let answer = random.pick([Answer.accept, .accept, .accept, .decline])
      return (offer.recipient ?? home, .answer(answer, offer.id))
    default:
      let parent = offers.last { $0.kind == .finalisation }
      return (home, parent.map { .describe($0.id) } ?? .enableAllFeatures)
    }
  }

  // MARK: Sending

  private func drawAddress(_ random: inout SeededRandom) -> String {
    let known = accounts.values.map(\.email).sorted()
    switch Int.random(in: 0..<8, using: &random) {
    case 0..<3: return "new\(Int.random(in: 0..<6, using: &random))@example.com"
    case 3: return "NEW\(Int.random(in: 0..<6, using: &random))@Example.COM"
    case 4: return random.pick(known)
    case 5: return random.pick(known).uppercased()
    case 6: return ".dot@example.com"
    default: return random.pick(["nobody", "a@b", "a b@example.com", "a@b.", "x@.y", "a@@b.cc"])
    }
  }

  private func drawTarget(
    _ everybody: [String], _ random: inout SeededRandom
  ) -> Invitation.Target {
    if random.often(1, of: 3) { return .email(Untrusted(drawAddress(&random))) }
    if random.often(1, of: 20) {
      return .account(Untrusted(random.pick(["", "12", "12345678901x"])))
    }
    return .account(Untrusted(random.pick(everybody)))
  }

  /// An account whose leaving has an effect.
  private func drawMember(_ random: inout SeededRandom) -> String? {
    let members = accounts.values.filter { $0.membership != nil && !isManager($0.id) }.map(\.id)
    return members.isEmpty ? nil : random.pick(members.sorted())
  }

  private func drawInvitation(
    _ everybody: [String], busy: Bool, _ random: inout SeededRandom
  ) -> Invitation {
    let notes: [String?] = [
      nil, nil, "CHG-4411", "", "\u{1B}[31m", "<ScRiPt>", String(repeating: "é", count: 1_025),
      String(repeating: "é", count: 1_024),
    ]
    var invitation = Invitation(
      to: busy && random.often(1, of: 2)
        ? .email(Untrusted("n\(Int.random(in: 0..<40, using: &random))@example.com"))
        : drawTarget(everybody, &random),
      notes: random.often(1, of: 2) ? random.pick(notes).map { Untrusted($0) } : nil)
    if random.often(1, of: 10) {
      let keys = random.some(of: ["team", "Team", "team", "aws:x", ""])
      invitation.tags = keys.map { Invitation.Tag(key: Untrusted($0), value: Untrusted("a b")) }
    }
    return invitation
  }

  private func drawTransfer(
    _ managers: [String], _ random: inout SeededRandom
  ) -> TransferRequest {
    var start = firstOfMonth(random.pick([1, 1, 2, 2, 0, 3]))
    if random.often(1, of: 8) { start = start + random.pick([.hours(1), .days(1)]) }
    let target =
      random.often(1, of: 5)
      ? drawTarget(accounts.keys.sorted(), &random) : .account(Untrusted(random.pick(managers)))
    return TransferRequest(
      to: target, start: start, name: Untrusted(random.pick(["pays", "pays", "", "é"])))
  }

  private func drawAboutTransfer(_ random: inout SeededRandom) -> Request {
    let id = transfers.isEmpty ? "rt-00000000" : random.pick(transfers).id
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1: return .transfers(random.pick([.inbound, .outbound]))
    case 2: return .transfer(id)
    case 3: return .rename(id, Untrusted(random.pick(["other", "", "é"])))
    default:
      let last = Span(milliseconds: random.often(4, of: 5) ? 1 : 2)
      let end = firstOfMonth(random.pick([0, 1, 2, 3])) - last
      return .terminate(id, end: random.often(1, of: 2) ? nil : end)
    }
  }

  // MARK: Time

  /// Mostly short, sometimes to the exact instant at which a handshake expires or is removed, or
  /// one millisecond beside it.
  private func drawTime(_ random: inout SeededRandom) -> Request {
    var span = random.pick([
      Span.seconds(1), .minutes(40), .hours(3), .hours(20), .days(2), .days(5),
    ])
    if random.often(1, of: 2), !offers.isEmpty {
      let offer = random.pick(Array(offers.suffix(20)))
      let edges = [
        offer.expires, (offer.ended ?? offer.expires) + Self.memory, offer.requested + .days(1),
      ]
      let beside = Span(milliseconds: Int64.random(in: -2...1, using: &random))
      let edge = random.pick(edges) + beside - now
      if edge > .zero, edge < .days(100) { span = edge }
    }
    return random.often(2, of: 3) ? .wait(span) : .advance(span)
  }
}
