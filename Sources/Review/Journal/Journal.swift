import Crypto
import Model
import Text

/// The audit trail: what is about to be asked, and what became of it, each on the disk before the
/// next thing is done (SEC-4.5).
public struct Journal: Sendable {
  public let file: any JournalFile
  private let clock: any TimeSource
  private let random: any RandomSource
  private let host: Untrusted
  private let boot: Untrusted
  private let who: Operator

  public init(
    in file: any JournalFile, clock: any TimeSource, random: any RandomSource, host: Untrusted,
    boot: Untrusted, who: Operator
  ) {
    self.file = file
    self.clock = clock
    self.random = random
    self.host = host
    self.boot = boot
    self.who = who
  }

  public func makeIntentID() -> IntentID { IntentID(from: random) }

  /// What time it is by this host's clocks.
  public var moment: JournalMoment {
    JournalMoment(time: clock.now(), uptime: clock.uptime(), boot: boot)
  }

  /// Fastens `event` to the end of the chain; it is on the disk when this returns.
  @discardableResult
  public func append(_ event: JournalEvent) throws(JournalFault) -> JournalRecord {
    try file.exclusively { access throws(JournalFault) in
      let end = try JournalEnd(reading: access)
      var addition = JournalAddition(to: end.index)
      if end.lacksNewline { addition.addNewline() }
      if end.index.head == nil {
        // What stands in front of the first line says nothing: no record was ever whole.
        begin(&addition, carrying: end.index.open)
        // Before the line is there: an index that knows of more than there is tells of damage.
        if end.isNewBesideIndex { access.replaceIndex(addition.index.bytes) }
      } else if let torn = end.remains {
        let digest = JournalHash(digest: Array(SHA256.hash(data: torn)))
        addition.add(.torn(bytes: torn.count, sha256: digest), at: moment, by: who)
      }
      let record = addition.add(event, at: moment, by: who)
      try access.append(addition.bytes)
      access.replaceIndex(addition.index.bytes)
      return record
    }
  }

  /// The first lines of a journal: its own, and the attempts without an end that stood in the one
  /// before it, as they were written there.
  func begin(
    _ addition: inout JournalAddition, behind segment: JournalSegment? = nil,
    carrying open: [OpenIntent]
  ) {
    let digits = Untrusted(random.bytes(16).hexadecimal)
    addition.add(.genesis(host: host, random: digits), at: moment, by: who)
    if let segment { addition.add(.segment(segment), at: moment, by: who) }
    for attempt in open {
      addition.add(.intent(attempt.intent), at: attempt.moment, by: attempt.who)
      guard let doubt = attempt.doubt else { continue }
      let outcome = JournalEvent.outcome(attempt.intent.id, .unknown(doubt, closed: false))
      addition.add(outcome, at: attempt.moment, by: attempt.who)
    }
  }

  /// The attempts whose end is not written down.
  public func openIntents() throws(JournalFault) -> [OpenIntent] {
    try file.reading { access throws(JournalFault) in
      try JournalEnd(reading: access).index.open
    }
  }

  /// The whole journal.
  public func read() throws(JournalFault) -> JournalChain {
    try file.reading { access throws(JournalFault) in
      try JournalChain(reading: access)
    }
  }

  /// The end of the chain, to be printed after each act; nil while there is none.
  public func head() throws(JournalFault) -> JournalHead? {
    try file.reading { access throws(JournalFault) in
      try JournalEnd(reading: access).index.head
    }
  }
}
