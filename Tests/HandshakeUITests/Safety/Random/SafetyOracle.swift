import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import TestSupport
import Text

@testable import HandshakeUI

/// Observes every message to the interface, its effects and its frames, and checks its promises: it
/// keeps its own record of the typed keys and their times.
struct SafetyOracle: Sendable {
  let launch: Launch
  /// The first promise that was broken.
  var broken: String?
  private(set) var sends = 0
  /// The plan when its review was opened: nothing else is sent until the next review.
  private var reviewed: [PlanItem] = []
  private var sent: Set<HandshakeID> = []
  /// The text shown of a handshake when it was staged.
  private var staged: [HandshakeID: PlanItem] = [:]
  /// The open dialog, with the text typed in it.
  private var typing: ReferenceConfirmation?
  var isTyping: Bool { typing != nil }
  /// The text typed in the earlier steps of its review.
  private var written = ""
  private var isRunning = false
  private var isOver = false
  private var lastTime = Span.zero

  init(_ launch: Launch) { self.launch = launch }

  mutating func fail(_ text: String) { if broken == nil { broken = text } }

  mutating func see(
    _ before: Interface, _ message: Message, _ effects: [Effect], _ after: Interface,
    at uptime: Span,
    eventSeed: UInt64
  ) {
    lastTime = max(lastTime, uptime)
    checkPlan(before, message, after)
    checkNeutral(before, message, after)
    checkDialog(before, message, effects, after)
    note(before, message)
    for effect in effects {
      switch effect {
      case .send(_, let items, let reason): checkSend(items, reason, message, before)
      case .noteMismatch, .reconcile:
        if launch.mode == .readOnly { fail("read-only asked for \(effect)") }
      default: break
      }
    }
    if case .runTold(_, .finished, _) = message { isRunning = false }
    open(before, message, after)
    look(before, after, eventSeed)
  }

  // MARK: The plan

  private mutating func checkPlan(_ before: Interface, _ message: Message, _ after: Interface) {
    guard before.plan != after.plan else { return }
    let accepts = after.plan.items.filter { $0.answer == .accept }.map(\.account)
    if Set(accepts).count != accepts.count { fail("two accepts for an account are planned") }
    if launch.mode == .readOnly, !after.plan.isEmpty { fail("read-only has a plan") }
    for item in after.plan.items where before.plan[item.id] != item {
      guard case .key = message else { return fail("\(item.id) was planned without a key") }
      if before.inbox.row(item.id)?.handshake != item.seen {
        fail("\(item.id) was planned as it was not shown")
      }
      staged[item.id] = item
    }
  }

  // MARK: What changes nothing

  /// Filters, orders, refreshes and replies move no mark, no plan and no focus.
  private mutating func checkNeutral(_ before: Interface, _ message: Message, _ after: Interface) {
    guard before.isNeutral(message) else { return }
    for tab in Tab.allCases {
      let (old, new) = (before.lists[tab], after.lists[tab])
      if old.marks != new.marks { fail("marks changed in \(tab)") }
      if before.isTouched, old.focus != nil, old.focus != new.focus { fail("the focus moved") }
    }
    guard before.plan != after.plan else { return }
    if case .runTold = message { return }
    fail("the plan changed")
  }

  // MARK: Dialogs

  private mutating func checkDialog(
    _ before: Interface, _ message: Message, _ effects: [Effect], _ after: Interface
  ) {
    guard let review = before.review else {
      return checkOther(before, message, effects, after)
    }
    switch message {
    case .key(let key, _):
      guard before.hasRoom, !review.isInGrace, before.isUnlisted(key, in: review) else { return }
      guard let now = after.review else { return fail("\(key) closed the review") }
      let isSame =
        now.progress.sheet == review.progress.sheet && now.progress.step == review.progress.step
        && now.scroll == review.scroll
        && now.confirmation?.typed == review.confirmation?.typed
        && now.confirmation?.phase == review.confirmation?.phase
        && now.confirmation?.reason == review.confirmation?.reason
      if !isSame || !effects.isEmpty { fail("the review took \(key)") }
    case .pasted:
      guard let old = review.confirmation, let now = after.review,
        let new = now.confirmation
      else { return }
      if new.isArmed { fail("a paste armed it") }
      if old.phase != .organization, !new.typed.isEmpty, old.typed != new.typed {
        fail("a paste was taken as typed")
      }
    case .stray, .pasteBegan: checkDisarmed(message, review, after)
    // The typed text belongs to a previous screen.
    case .resumed, .pasteAbandoned: if after.isReviewing { fail("\(message) left the review open") }
    case .started, .ticked, .terminalLost, .resized, .lettersDrawn: break
    default:
      // A changed trust list closes it: its text is no longer true.
      if case .trustRead = message, !after.isReviewing { return }
      if !before.hasDialog(of: after) { fail("a reply changed the review") }
    }
  }

  /// Stray bytes clear the text typed to confirm, and nothing else.
  private mutating func checkDisarmed(
    _ message: Message, _ review: ReviewScreen, _ after: Interface
  ) {
    guard let old = review.confirmation else { return }
    guard let now = after.review, let new = now.confirmation else {
      if !old.isArmed { fail("\(message) closed the review") }
      return
    }
    if new.isArmed || new.isComplete { fail("\(message) left it armed") }
    if new.reason != old.reason { fail("\(message) changed the reason") }
    if old.phase == .organization {
      if new.typed != old.typed { fail("\(message) changed the expected organization") }
    } else if case .stray = message, !new.typed.isEmpty {
      fail("\(message) left what was typed")
    }
  }

  /// Screens that only show or select: a key that they do not list leaves them unchanged.
  private mutating func checkOther(
    _ before: Interface, _ message: Message, _ effects: [Effect], _ after: Interface
  ) {
    guard case .key(let key, _) = message, before.hasRoom, !before.isAsking else {
      return
    }
    switch before.dialog {
    case is PanelScreen, is OutcomeScreen, is SendingScreen, is LoginScreen:
      guard Command.bound(to: [key], in: before.context) == nil else { return }
      if !before.hasDialog(of: after) || !effects.isEmpty { fail("\(before.context) took \(key)") }
    case let menu as MenuScreen:
      if case .character(let scalar) = key, menu.items.contains(where: { $0.key == scalar }) {
        return
      }
      guard Command.bound(to: [key], in: .menu) == nil else { return }
      if !before.hasDialog(of: after) || !effects.isEmpty { fail("the menu took \(key)") }
    default: return
    }
  }

  // MARK: Sending

  private mutating func note(_ before: Interface, _ message: Message) {
    guard before.review != nil else { return }
    switch message {
    case .key(let key, _):
      guard before.hasRoom else { return }
      if key == .enter, let review = before.review {
        typing?.read(ReviewLayout(review, in: before.session).body)
      }
      typing?.press(key, at: lastTime)
    case .pasted(let text, _): typing?.paste(text, at: lastTime)
    case .stray, .resumed, .pasteAbandoned: typing?.stray(at: lastTime)
    case .pasteBegan: typing?.beginPaste(at: lastTime)
    case .lettersDrawn(_, let letters): typing?.ask(letters, at: lastTime)
    case .resized(let size): if !size.hasRoom { typing?.stop() }
    case .ticked(_, true): typing?.wake(at: lastTime)
    case .ticked(_, false): typing?.stop()
    default: break
    }
  }

  private mutating func checkSend(
    _ items: [PlanItem], _ reason: Untrusted?, _ message: Message, _ before: Interface
  ) {
    sends += 1
    if launch.mode == .readOnly { fail("read-only sends") }
    if case .ticked(_, isSeen: false) = message { fail("sent while nothing could be seen") }
    if isRunning { fail("two runs at once") }
    isRunning = true
    guard let typing else { return fail("sent without a dialog") }
    if let wrong = typing.preflightFailure(to: items, reason, grace: launch.grace, at: lastTime) {
      fail("sent, but \(wrong)")
    }
    for item in items {
      if !reviewed.contains(item) { fail("\(item.id) was not in the plan that was reviewed") }
      if !sent.insert(item.id).inserted { fail("\(item.id) was sent twice for one review") }
      var asStaged = staged[item.id]
      asStaged?.actor = item.actor
      asStaged?.senderTrust = item.senderTrust
      if asStaged != item { fail("\(item.id) is not as it was staged") }
      let print = Fingerprint(of: item.seen, for: item.account, at: launch.place)
      if print != item.fingerprint { fail("\(item.id) has another fingerprint") }
    }
    let accepts = reviewed.filter { sent.contains($0.id) && $0.answer == .accept }.map(\.account)
    if Set(accepts).count != accepts.count { fail("two accepts for an account were sent") }
  }

  /// A review that begins, or its next step.
  private mutating func open(_ before: Interface, _ message: Message, _ after: Interface) {
    guard let review = after.review else {
      return stopTyping()
    }
    if let old = before.review, old.progress.step == review.progress.step {
    } else {
      stopTyping()
      if review.progress.step == 0 { (reviewed, sent, written) = (after.itemsToReview, [], "") }
    }
    if case .lettersDrawn(_, let letters) = message, typing == nil {
      typing = ReferenceConfirmation(
        letters: letters, since: lastTime, hasLetters: !review.isWithoutAccepts,
        isAlone: review.progress.isAlone, reason: review.progress.reason, after: written)
    }
  }

  private mutating func stopTyping() {
    written = typing?.everything ?? written
    typing = nil
  }

  // MARK: The screen

  /// Some of the frames, and those that show another part of a review.
  private mutating func look(_ before: Interface, _ after: Interface, _ eventSeed: UInt64) {
    let isNew = after.hasRoom && after.showsMore(than: before)
    guard isNew || eventSeed % 64 == 0 else { return }
    let frame = view(after)
    if let offence = Self.offence(in: frame) { fail(offence) }
    guard after.hasRoom, let review = after.review, typing != nil else { return }
    let layout = ReviewLayout(review, in: after.session)
    typing?.drew(
      frame, layout,
      from: review.scroll,
      hides: Self.mustHide(review) ? review.progress.current : nil)
    if let problem = typing?.problem { fail(problem) }
  }

  /// Whether the operator has yet to state who asks.
  private static func mustHide(_ review: ReviewScreen) -> Bool {
    guard case .alone = review.progress.current else { return false }
    return review.confirmation?.phase == .organization || review.confirmation?.phase == .locked
  }

  /// Characters that no cell may contain: controls, and those that are invisible or change their
  /// neighbours.
  static func offence(in frame: Frame) -> String? {
    for row in 0..<frame.size.rows {
      var width = 0
      for column in 0..<frame.size.columns {
        let glyph = frame[row, column].glyph
        if glyph.utf8.count == 1, let byte = glyph.utf8.first, (0x20..<0x7F).contains(byte) {
          width += 1
          continue
        }
        width += DisplayWidth.of(glyph)
        for scalar in glyph.unicodeScalars where isForbidden(scalar) {
          return "row \(row) holds U+\(String(scalar.value, radix: 16))"
        }
      }
      if width != frame.size.columns { return "row \(row) is \(width) columns wide" }
    }
    return nil
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      true
    default: scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}

extension ReviewScreen {
  fileprivate var isWithoutAccepts: Bool {
    progress.current.items.allSatisfy { $0.answer != .accept }
  }
}

extension Challenge {
  var isArmed: Bool {
    switch phase {
    case .grace, .confirmed: true
    case .organization, .challenge, .check, .stopped, .closed, .locked: false
    }
  }
}

extension Interface {
  /// The plan with the present knowledge of the accounts and the senders, which a review shows.
  fileprivate var itemsToReview: [PlanItem] {
    plan.items.map { item in
      var item = item
      item.actor = inbox.identity(item.account) ?? item.actor
      item.senderTrust = inbox.trustList.senderTrust(
        in: item.seen, for: item.actor ?? .untold(item.account))
      return item
    }
  }
}
