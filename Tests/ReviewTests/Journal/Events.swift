import Model
import ReviewAnswering
import ReviewJournal
import TestSupport
import Text

/// One event of each kind, with values that are hard to encode.
enum Events {
  static let nasty = Untrusted(
    bytes: Array("a\"\\\n\t\u{1B}[2J é 🜲 \u{202E}".utf8) + [0xFF, 0xED, 0xA0, 0x80, 0xC3])

  static func intentID(_ seed: UInt64 = 1) -> IntentID { IntentID(from: SeededBytes(seed: seed)) }

  static func fingerprint() throws -> Fingerprint {
    Fingerprint(
      of: try InvitationFixture().make(), for: try Fixture.account("222233334444"), at: place)
  }

  static let place = ServicePlace(.local, at: Untrusted("/var/lib/org é.sqlite"))

  static func intent(_ act: JournalIntent.Act, seed: UInt64 = 1) throws -> JournalIntent {
    JournalIntent(
      id: intentID(seed), act: act, account: try Fixture.account("222233334444"),
      caller: Untrusted("arn:aws:sts::222233334444:assumed-role/Operator/vera"), place: place,
      reason: nasty, attempt: 2, asked: ManualTime.mockup,
      subject: JournalIntent.Subject(
        action: .unknown(nasty), organization: try Fixture.organization("o-a1b2c3d4e5"),
        sender: try Fixture.account("999900001111"), joins: true, senderName: nasty))
  }

  static func answer(_ answer: Answer = .accept, seed: UInt64 = 1) throws -> JournalIntent {
    try intent(
      .answer(answer, try Fixture.handshake("h-7d1f0c2a9b44e8aa"), try fingerprint()), seed: seed)
  }

  static func all() throws -> [JournalEvent] {
    let handshake = try Fixture.handshake("h-7d1f0c2a9b44e8aa")
    let account = try Fixture.account("222233334444")
    let organization = try Fixture.organization("o-a1b2c3d4e5")
    let outcomes: [IntentOutcome] =
      [
        .notSent(nasty), .done(nil), .done(handshake),
        .refused(.init(code: nasty, reason: nasty, message: nasty, requestID: nasty)),
        .refused(.init(code: nasty, message: Untrusted(""))),
        .doneLater(.membership, nil), .doneLater(.listing, handshake),
        .notApplied(nil), .notApplied(.open), .notApplied(.unknown(nasty)),
      ]
      + IntentOutcome.Doubt.allCases.flatMap { doubt in
        [true, false].map { IntentOutcome.unknown(doubt, closed: $0) }
      }
    return [
      .genesis(host: nasty, random: Untrusted("00ff")),
      .torn(bytes: 17, sha256: .none),
      .segment(JournalSegment(keptAs: nasty, bytes: 9, sha256: .none, firstBadLine: 3)),
      .segment(JournalSegment(keptAs: nasty, bytes: 9, sha256: .none, firstBadLine: nil)),
      .intent(try answer()), .intent(try answer(.cancel)),
      .intent(try intent(.invite(.account(nasty)))), .intent(try intent(.invite(.email(nasty)))),
      .intent(try intent(.enableAllFeatures)),
      .mismatch(handshake, account, typed: nasty),
      .trustAdded(organization, account, name: nasty),
      .trustAdded(organization, account, name: nil),
      .trustRemoved(organization), .other(kind: Untrusted("FROM_LATER")),
    ] + StopCause.allCases.map { .stopped($0, notTried: [handshake, handshake]) }
      + [.stopped(.asked, notTried: [])] + outcomes.map { .outcome(intentID(), $0) }
  }
}
