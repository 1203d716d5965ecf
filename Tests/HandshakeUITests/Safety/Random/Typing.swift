import Drawing
import Model
import Review
import Text

@testable import HandshakeUI

/// One confirmation as somebody beside the operator would write it down: what was typed and when, and
/// what stood in the dialog until then.
struct Typing: Sendable {
  let letters: String
  /// When the dialog could be read.
  let since: Span
  /// When what was typed came to be what was asked for, and then Enter.
  private(set) var armed: Span?
  private(set) var problem: String?
  private var entries: [Entry] = []
  private var isReason = false
  private var stated: Set<String> = []
  private var field: [UInt8] = []
  /// All that was typed since the review was opened, in its earlier steps too: the reason goes on.
  private(set) var everything: String
  /// A key since it was armed, or something that must stop it.
  private var isStopped = false
  private var lastYes: Span?
  /// What could be read in it when the last key was pressed that may confirm.
  private var rows: [String] = []
  /// Its last row has been on the screen.
  private var isSeenWhole = false
  /// Who asks was hidden when it was last drawn.
  private var isHiding = false
  /// Whether a `y` confirms it: keys that may have been typed before it could be read, or came at
  /// once, are not for it until the keyboard has been silent.
  private let isYes: Bool
  private var deafUntil: Span
  private var lately: [Span] = []

  private struct Entry {
    var scalar: Unicode.Scalar
    var at: Span
  }

  init(letters: String, since: Span, isYes: Bool, after everything: String) {
    (self.letters, self.since, self.isYes) = (letters, since, isYes)
    self.everything = everything
    deafUntil = since + Self.silence
  }

  private static let silence = Span(milliseconds: 300)
  /// How long a `y` must stand alone, before and behind it.
  private static let alone = Span(milliseconds: 150)

  // MARK: What happens

  mutating func press(_ key: Key, at now: Span) {
    let isHeard = hears(key, at: now)
    lastYes = nil
    if let armed, key != .enter || now - armed > Span(milliseconds: 500) { isStopped = true }
    guard isHeard else { return }
    switch key {
    case .tab: isReason.toggle()
    case .enter:
      if isReason { isReason = false } else { enter(at: now) }
      entries = []
      field = []
    case .backspace where !isReason:
      _ = entries.popLast()
      _ = field.popLast()
    case .character(let scalar) where !isReason:
      entries.append(Entry(scalar: scalar, at: now))
      field += Array(String(scalar).utf8)
      everything.unicodeScalars.append(scalar)
      if scalar == "y" { lastYes = now }
    case .character(let scalar): everything.unicodeScalars.append(scalar)
    case .backspace: break
    // Only what the last key completed counts.
    default: entries.append(Entry(scalar: "\u{0}", at: now))
    }
  }

  private mutating func hears(_ key: Key, at now: Span) -> Bool {
    let before = lately.last
    lately = (lately + [now]).suffix(4)
    guard isYes, key != .escape, key != .control("c") else { return now - since >= Self.silence }
    let isEarly = now < deafUntil
    let isTogether =
      lastYes != nil || (key == .character("y") && before.map { now - $0 <= Self.alone } ?? false)
    let isRush = key.types && lately.count == 4 && now - lately[0] <= Span(milliseconds: 30)
    guard isEarly || (!isReason && (isTogether || isRush)) else { return true }
    deafUntil = now + Self.silence
    return false
  }

  mutating func paste(_ text: Untrusted, at now: Span) {
    lately = (lately + [now]).suffix(4)
    if isYes, now < deafUntil || !isReason { deafUntil = now + Self.silence }
    lastYes = nil
    if armed != nil { isStopped = true }
    everything += String(decoding: text.bytes, as: UTF8.self)
    guard now - since >= Span(milliseconds: 300), !isReason else { return }
    field += text.bytes.filter { $0 > 0x20 && $0 != 0x7F }
    entries.append(Entry(scalar: "\u{0}", at: now))
  }

  mutating func stop() { if armed != nil { isStopped = true } }

  /// A machine that slept through the grace gave nobody the chance to stop it.
  mutating func wake(at now: Span) {
    if let armed, now - armed > .seconds(15) { isStopped = true }
  }

  private mutating func enter(at now: Span) {
    stated.insert(String(decoding: field, as: UTF8.self))
    let typed = String(String.UnicodeScalarView(entries.map(\.scalar)))
    guard typed.hasSuffix(letters) else { return }
    (armed, completed, isStopped) = (now, entries, false)
  }

  private var completed: [Entry] = []

  // MARK: What is drawn

  mutating func read(_ body: [Line]) { if armed == nil { rows = body.map(\.text) } }

  mutating func drew(
    _ frame: Frame, _ layout: ReviewLayout, from scroll: Int, hides step: ReviewSheet.Step?
  ) {
    // Who asks and who pays is told only now.
    if isHiding, step == nil { isSeenWhole = false }
    isHiding = step != nil
    isSeenWhole = isSeenWhole || scroll == layout.lastScroll
    checkDrawn(frame, layout, from: scroll)
    guard case .alone(_, let organization) = step else { return }
    // What the operator wrote there stands there.
    guard !everything.contains(organization.bare) else { return }
    for row in 0..<frame.size.rows where frame.text(row: row).contains(organization.bare) {
      problem = "\(organization.text) was shown before it was stated"
    }
  }

  /// Each row of the review that is in view stands in the frame as it is read here.
  private mutating func checkDrawn(_ frame: Frame, _ layout: ReviewLayout, from scroll: Int) {
    let shown = (0..<frame.size.rows).map { frame.text(row: $0) }.joined(separator: "\n")
    // While there is more below, a hint lies over the end of the last row.
    let rows = scroll < layout.lastScroll ? layout.rows - 1 : layout.rows
    for line in layout.body.dropFirst(scroll).prefix(max(0, rows)) where !shown.contains(line.text)
    {
      problem = "the review says \(line.text), which is not drawn"
    }
  }

  // MARK: Whether it was confirmed

  /// Why these may not be sent now; nil when they may.
  func objection(
    to items: [PlanItem], _ reason: Untrusted?, _ message: Message, grace: Span, at now: Span
  ) -> String? {
    let accepts = items.count { $0.answer == .accept }
    guard isSeenWhole else { return "its last row was never on the screen" }
    if accepts == 0 {
      // A `y` that nothing follows for a while: a held key and a paste go on.
      guard let lastYes, now - lastYes >= Span(milliseconds: 150) else {
        return "nobody said yes"
      }
    } else if let objection = challengeObjection(items, accepts, message, grace, at: now) {
      return objection
    }
    if accepts > 0, reason?.bytes.allSatisfy({ $0 == 0x20 }) ?? true { return "without a reason" }
    return items.compactMap(drawnObjection).first ?? surplus(items)
  }

  private func challengeObjection(
    _ items: [PlanItem], _ accepts: Int, _ message: Message, _ grace: Span, at now: Span
  ) -> String? {
    guard let armed else { return "nothing was entered" }
    let typed = String(String.UnicodeScalarView(completed.map(\.scalar)))
    let whole = "accept \(accepts) \(letters)"
    guard let phrase = [whole, letters].first(where: { typed.hasSuffix($0) }) else {
      return "what was typed is \(typed)"
    }
    let first = completed[completed.count - phrase.unicodeScalars.count].at
    if armed - first <= Span(milliseconds: 30), grace > .zero { return "it came at once" }
    if phrase == letters {
      guard items.count == 1, let organization = items[0].seen.senderOrganization else {
        return "the letters alone confirm one accept"
      }
      guard stated.contains(organization.text) || stated.contains(String(organization.bare)) else {
        return "its organization was not stated: \(stated)"
      }
    }
    if isStopped { return "it had been stopped" }
    guard now - armed >= grace else { return "the grace was not over" }
    return nil
  }

  /// What is sent was on the screen: the handshake, who answers it and who asks.
  private func drawnObjection(_ item: PlanItem) -> String? {
    let sender = item.seen.senderOrganization?.text ?? ""
    for text in [item.id.text, item.account.text, sender, item.answer.rawValue]
    where !rows.contains(where: { $0.lowercased().contains(text) }) {
      return "\(text) was not drawn"
    }
    return nil
  }

  /// Nothing was on the screen that is not sent.
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

extension Key {
  /// Whether it writes or edits; what scrolls may be held.
  fileprivate var types: Bool {
    switch self {
    case .character, .enter, .backspace, .tab: true
    default: false
    }
  }
}
