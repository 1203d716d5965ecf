import HandshakeUI
import Model
import Review
import Text

/// What was staged when a session was cut off, kept in the state directory until the next start at
/// the same place. Ids and answers only: it is staged anew from what the service says then.
/// (UX-16.7)
struct Drafts: Sendable {
  /// The state directory; absolute.
  var path: String

  /// Replaces what is kept for this place; nothing staged forgets it.
  func keep(_ kept: [KeptAnswer], for place: ServicePlace) {
    // SAFETY: a draft is a comfort. When it cannot be kept, the operator stages again.
    try? write(kept, for: place)
  }

  func kept(for place: ServicePlace) -> [KeptAnswer] {
    // SAFETY: as above.
    guard let directory = try? Directory.open(path, creating: false, privacy: .secret),
      let bytes = try? directory.contents(of: Self.name(for: place), limit: 1 << 20)
    else { return [] }
    return Self.read(bytes, for: place)
  }

  private func write(_ kept: [KeptAnswer], for place: ServicePlace) throws(FileError) {
    let directory = try Directory.open(path, creating: !kept.isEmpty, privacy: .secret)
    let name = Self.name(for: place)
    if kept.isEmpty {
      try directory.remove(name)
    } else {
      try directory.replace(name, with: Self.text(kept, for: place))
    }
  }
}

extension Drafts {
  /// The place, then one answer a line.
  static func text(_ kept: [KeptAnswer], for place: ServicePlace) -> [UInt8] {
    let lines = [heading(of: place)] + kept.map { "\($0.answer.rawValue) \($0.id.text)" }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Nothing from a file of another place or form; a line that is not understood is left out.
  static func read(_ bytes: [UInt8], for place: ServicePlace) -> [KeptAnswer] {
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first, first.elementsEqual(heading(of: place).utf8) else { return [] }
    return lines.dropFirst().compactMap { line in
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
      guard words.count == 2,
        let answer = Answer(rawValue: String(decoding: words[0], as: UTF8.self)),
        let id = HandshakeID(String(decoding: words[1], as: UTF8.self))
      else { return nil }
      return KeptAnswer(id: id, answer: answer)
    }
  }

  private static func heading(of place: ServicePlace) -> String {
    let address = Sanitiser.render(place.address, for: .full, in: .ascii)
    return "handshake-staged 1 \(place.backend.rawValue) \(place.partition) \(address)"
  }

  /// One file a place. Two places that share a name cost each other only the draft.
  private static func name(for place: ServicePlace) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in heading(of: place).utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return "staged-" + String(hash, radix: 16)
  }
}

/// One answer that was to be sent, and what became of it: for the scrollback after the screens.
struct Deed: Hashable, Sendable {
  var item: PlanItem
  var result: ErrandResult
}

extension Deed {
  /// One line: what, which, as whom, and the outcome.
  func line(in charset: Charset) -> String {
    "\(item.answer.rawValue) \(item.id.text) as \(item.account.text): "
      + result.word(item.answer, in: charset)
  }
}

extension ErrandResult {
  fileprivate func word(_ answer: Answer, in charset: Charset) -> String {
    let word = outcome.word(answer, in: charset)
    return unwritten == nil ? word : word + " (not recorded in the journal)"
  }
}

extension ErrandOutcome {
  fileprivate func word(_ answer: Answer, in charset: Charset) -> String {
    switch self {
    case .done(_, nil): answer.participle
    case .done: "\(answer.participle), by this or another session"
    case .refused(let error, _): "refused: \(Explanation(error, in: charset).why)"
    case .notSent: "not sent"
    case .heldBack(let cause): "not sent: \(cause.brief)"
    case .notApplied(let state?, _):
      "sent, but not applied: \(state.isTerminal ? "it is" : "still") \(state.word(in: charset))"
    case .notApplied(nil, _): "sent, but not applied"
    case .unknown: "UNKNOWN: do not send it again; see handshake journal"
    case .notTried: "not sent"
    }
  }
}

extension Model.State {
  fileprivate func word(in charset: Charset) -> String {
    Sanitiser.render(wireName, for: .cell, in: charset)
  }
}
