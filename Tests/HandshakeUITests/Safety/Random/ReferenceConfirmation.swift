import Drawing
import Model
import ReviewAnswering
import Text

@testable import HandshakeUI

/// A second implementation of the confirmation: the typed keys with their times, and the dialog's
/// content until then.
struct ReferenceConfirmation: Sendable {
  let letters: String
  /// Whether the phrase contains letters that only this dialog shows.
  private let hasLetters: Bool
  /// The typed keys with their times, and the Enter right after them.
  private var entered: Entered?
  private(set) var problem: String?
  private var entries: [Entry] = []
  /// Whether the last key was a letter of the phrase.
  private var endsInLetter = false
  /// Letters that were asked for after a burst, and the text typed before they were.
  private var check: (letters: String, phrase: [Entry])?
  private var isReason = false
  /// The reason as it was typed; where it is required and blank, the keys stay there.
  private var reason: [UInt8]
  private var stated: Set<String> = []
  private var field: [UInt8] = []
  /// All keys typed since the review was opened, in its earlier steps too: the reason continues.
  private(set) var everything: String
  /// A key since Enter, or another event that must stop it.
  private var isStopped = false
  /// The last time since Enter at which the program ran.
  private var lastRun: Span
  /// The text that could be read in it when Enter was pressed.
  private var rows: [String] = []
  /// Its last row was on the screen.
  private var isSeenWhole = false
  /// The sender was hidden when it was last drawn.
  private var isHiding = false
  /// Keys are for the dialog from then on.
  private var deafUntil: Span
  /// Earlier keys postpone that: they may belong to the previous screen.
  private var isPutOff: Bool

  private struct Entry {
    var scalar: Unicode.Scalar
    var at: Span
  }

  private struct Entered {
    var at: Span
    var phrase: [Entry]
    var check: (asked: String, typed: String)?
  }

  init(
    letters: String, since: Span, hasLetters: Bool, isAlone: Bool, reason: [UInt8],
    after everything: String
  ) {
    self.reason = reason
    self.letters = letters
    self.hasLetters = hasLetters
    self.everything = everything
    lastRun = since
    deafUntil = since + Self.silence
    isPutOff = !hasLetters
    // The organization is entered first.
    isReason = isReasonMissing && !isAlone
    isHiding = isAlone
  }

  private var isReasonMissing: Bool { hasLetters && Untrusted(bytes: reason).isBlank }

  private static let silence = Span(milliseconds: 300)

  // MARK: What happens

  mutating func press(_ key: Key, at now: Span) {
    if let entered, key != .enter || now - entered.at > Span(milliseconds: 500) { isStopped = true }
    let endedInLetter = endsInLetter
    endsInLetter = false
    guard hears(at: now) else { return }
    switch key {
    case .tab: isReason = !isReason || (isReasonMissing && !isHiding)
    case .enter where isReason: isReason = isReasonMissing && !isHiding
    case .enter:
      if endedInLetter { enter(at: now) }
      stated.insert(String(decoding: field, as: UTF8.self))
      field = []
    case .backspace where isReason:
      while let last = reason.popLast(), last & 0xC0 == 0x80 {}
    case .control("u") where isReason: reason = []
    case .control("u"): (entries, field) = ([], [])
    case .control("w"): dropWord()
    case .backspace where !isReason:
      _ = entries.popLast()
      _ = field.popLast()
    case .character(let scalar) where !isReason:
      entries.append(Entry(scalar: scalar, at: now))
      endsInLetter = true
      field += Array(String(scalar).utf8)
      everything.unicodeScalars.append(scalar)
    case .character(let scalar):
      everything.unicodeScalars.append(scalar)
      addToReason(Array(String(scalar).utf8))
    default: break
    }
  }

  private mutating func dropWord() {
    func end(_ bytes: [UInt8]) -> Int {
      let text = bytes.lastIndex { $0 != 0x20 } ?? -1
      return (bytes[..<(text + 1)].lastIndex { $0 == 0x20 } ?? -1) + 1
    }
    if isReason { return reason.removeSubrange(end(reason)...) }
    let typed = entries.map { $0.scalar.isASCII ? UInt8($0.scalar.value) : 0x3F }
    entries.removeSubrange(end(typed)...)
    field.removeSubrange(end(field)...)
  }

  private mutating func addToReason(_ bytes: [UInt8]) {
    if reason.count + bytes.count <= 512 { reason += bytes }
  }

  /// Whether keys are for the dialog.
  private mutating func hears(at now: Span) -> Bool {
    guard now < deafUntil else {
      isPutOff = false
      return true
    }
    if isPutOff { deafUntil = now + Self.silence }
    return false
  }

  /// Stray bytes: the text typed so far was not typed completely, and what follows may belong to
  /// them.
  mutating func stray(at now: Span) {
    (entries, check, endsInLetter) = ([], nil, false)
    deafen(at: now)
    stop()
  }

  private mutating func deafen(at now: Span) {
    deafUntil = max(deafUntil, now + Self.silence)
    isPutOff = true
  }

  mutating func beginPaste(at now: Span) {
    endsInLetter = false
    stop()
    // A text field keeps its text.
    if isReason || isHiding { _ = hears(at: now) } else { stray(at: now) }
  }

  mutating func paste(_ text: Untrusted, at now: Span) {
    endsInLetter = false
    stop()
    everything += String(decoding: text.bytes, as: UTF8.self)
    guard isReason || isHiding else { return stray(at: now) }
    guard hears(at: now) else { return }
    guard !isReason else {
      return addToReason(text.bytes.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 })
    }
    field += text.bytes.filter { $0 > 0x20 && $0 != 0x7F }
  }

  /// More letters were drawn, which nobody can have typed yet.
  mutating func ask(_ letters: String, at now: Span) {
    guard !entries.isEmpty else { return }
    (check, entries, endsInLetter) = ((letters, entries), [], false)
    deafen(at: now)
  }

  mutating func stop() { if entered != nil { isStopped = true } }

  /// While the program is stopped nobody can stop the countdown.
  mutating func wake(at now: Span) {
    if entered != nil, now - lastRun > Span(milliseconds: 750) { isStopped = true }
    lastRun = now
  }

  private mutating func enter(at now: Span) {
    if let check {
      let typed = String(String.UnicodeScalarView(entries.map(\.scalar)))
      entered = Entered(at: now, phrase: check.phrase, check: (check.letters, typed))
    } else {
      entered = Entered(at: now, phrase: entries, check: nil)
    }
    (lastRun, isStopped) = (now, false)
  }

  // MARK: What is drawn

  mutating func read(_ body: [Line]) {
    if entered == nil || isStopped { rows = body.map(\.text) }
  }

  mutating func drew(
    _ frame: Frame, _ layout: ReviewLayout, from scroll: Int, hides step: ReviewSheet.Step?
  ) {
    // The sender and the payer are shown only now.
    if isHiding, step == nil {
      isSeenWhole = false
      if isReasonMissing { isReason = true }
    }
    isHiding = step != nil
    isSeenWhole = isSeenWhole || scroll == layout.lastScroll
    checkDrawn(frame, layout, from: scroll)
    guard case .alone(_, let organization) = step else { return }
    // The operator's text is still there.
    guard !everything.contains(organization.bare) else { return }
    for row in 0..<frame.size.rows where frame.text(row: row).contains(organization.bare) {
      problem = "\(organization.text) was shown before it was stated"
    }
  }

  /// Each visible row of the review is in the frame as it is read here.
  private mutating func checkDrawn(_ frame: Frame, _ layout: ReviewLayout, from scroll: Int) {
    let shown = (0..<frame.size.rows).map { frame.text(row: $0) }.joined(separator: "\n")
    // While there is more below, a hint covers the end of the last row.
    let rows = scroll < layout.lastScroll ? layout.rows - 1 : layout.rows
    for line in layout.body.dropFirst(scroll).prefix(max(0, rows)) where !shown.contains(line.text)
    {
      problem = "the review says \(line.text), which is not drawn"
    }
  }

  // MARK: Whether it was confirmed

  /// The reason why these may not be sent now; nil when they may.
  func preflightFailure(
    to items: [PlanItem], _ reason: Untrusted?, grace: Span, at now: Span
  ) -> String? {
    let accepts = items.count { $0.answer == .accept }
    guard isSeenWhole else { return "its last row was never on the screen" }
    guard let entered else { return "nothing was entered" }
    if let preflightFailure = phraseObjection(items, entered) { return preflightFailure }
    if isStopped { return "it had been stopped" }
    if accepts > 0 {
      guard now - entered.at >= grace else { return "the grace was not over" }
      if reason?.bytes.allSatisfy({ $0 == 0x20 }) ?? true { return "without a reason" }
    } else if now != entered.at {
      return "it was sent later than Enter"
    }
    return items.compactMap(drawnObjection).first ?? surplus(items)
  }

  private func phraseObjection(_ items: [PlanItem], _ entered: Entered) -> String? {
    let typed = String(String.UnicodeScalarView(entered.phrase.map(\.scalar)))
    guard let phrase = phrases(items).first(where: { typed.hasSuffix($0) }) else {
      return "what was typed is \(typed)"
    }
    let times = entered.phrase.suffix(phrase.unicodeScalars.count).map(\.at)
    if isBurst(times) {
      guard let check = entered.check else { return "it came at once" }
      guard check.typed.hasSuffix(check.asked) else { return "its new letters were not typed" }
    }
    guard hasLetters, phrase == letters else { return nil }
    guard items.count == 1, let organization = items[0].seen.senderOrganization else {
      return "the letters alone confirm one accept"
    }
    guard stated.contains(organization.text) || stated.contains(String(organization.bare)) else {
      return "its organization was not stated: \(stated)"
    }
    return nil
  }

  /// The confirmation of these.
  private func phrases(_ items: [PlanItem]) -> [String] {
    func count(_ answer: Answer) -> Int { items.count { $0.answer == answer } }
    if count(.accept) > 0 { return ["accept \(count(.accept)) \(letters)", letters] }
    let parts = [("decline", count(.decline)), ("cancel", count(.cancel))].filter { $0.1 > 0 }
    return [parts.map { "\($0.0) \($0.1)" }.joined(separator: " ")]
  }

  /// Four keys within 30 ms, or more than half of them within 10 ms of the one before.
  private func isBurst(_ times: [Span]) -> Bool {
    var close = 0
    for index in times.indices.dropFirst() {
      if times[index] - times[index - 1] <= Span(milliseconds: 10) { close += 1 }
      if index >= 3, times[index] - times[index - 3] <= Span(milliseconds: 30) { return true }
    }
    return 2 * close > times.count - 1
  }

  /// Everything that is sent was on the screen: the handshake, the account that answers and the
  /// sender.
  private func drawnObjection(_ item: PlanItem) -> String? {
    let sender = item.seen.senderOrganization?.text ?? ""
    for text in [item.id.text, item.account.text, sender, item.answer.rawValue]
    where !rows.contains(where: { $0.lowercased().contains(text) }) {
      return "\(text) was not drawn"
    }
    return nil
  }

  /// Everything that was on the screen is sent.
  private func surplus(_ items: [PlanItem]) -> String? {
    let sent = Set(items.map(\.id.text))
    for row in rows {
      for word in row.split(separator: " ") {
        if let id = HandshakeID(word), !sent.contains(id.text) { return "\(id.text) was drawn too" }
      }
    }
    return nil
  }
}
