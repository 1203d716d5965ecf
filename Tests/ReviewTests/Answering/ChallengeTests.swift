import Model
import ReviewAnswering
import TestSupport
import Testing
import Text

/// A dialog with a clock: keys are 50 ms apart unless said otherwise.
struct Dialog {
  var confirmation: Challenge
  var now = Span.seconds(100)
  var outcomes: [Challenge.Outcome] = []

  init(
    _ kind: Challenge.Kind = .batch(accepts: 2), grace: Span = .seconds(5),
    seenWhole: Bool = true,
    reason: String = "CHG-1", mismatches: Int = 0
  ) {
    confirmation = Challenge(
      kind, letters: "kq", opened: now, grace: grace, seenWhole: seenWhole,
      reason: Array(reason.utf8), mismatches: mismatches)
    now.milliseconds += 400
  }

  @discardableResult
  mutating func send(_ event: Challenge.Event, after gap: Int64 = 50) -> Challenge.Outcome {
    now.milliseconds += gap
    let outcome = confirmation.update(event, at: now)
    outcomes.append(outcome)
    return outcome
  }

  mutating func scroll() -> Bool {
    now.milliseconds += 50
    return confirmation.passes(at: now)
  }

  mutating func type(_ text: String, gap: Int64 = 50) {
    for scalar in text.unicodeScalars { send(.character(scalar), after: gap) }
  }

  /// Whether something is sent, or will be without a further key.
  var isConfirmed: Bool { outcomes.contains { $0 == .armed || $0 == .send } }

  static let declines = Challenge.Kind.noAccepts(declines: 5, cancels: 0)
}

@Suite("The confirmation dialog (UX-14)")
struct ChallengeTests {
  static let alone = Result {
    Challenge.Kind.alone(
      try Fixture.handshake(World.id(1)), try Fixture.organization(World.acme))
  }

  @Test("The challenge, Enter, and the grace send")
  func sends() {
    var dialog = Dialog()
    #expect(dialog.confirmation.asked == "accept 2 kq")
    dialog.type("accept 2 kq")
    #expect(dialog.send(.enter) == .armed)
    for _ in 1..<20 { #expect(dialog.send(.tick, after: 250) == .none) }
    #expect(dialog.send(.tick, after: 249) == .none)
    #expect(dialog.send(.tick, after: 1) == .send)
    #expect(dialog.send(.enter) == .none)
  }

  @Test("Without a grace it sends at once")
  func noGrace() {
    var dialog = Dialog(grace: .zero)
    dialog.type("accept 2 kq")
    #expect(dialog.send(.enter) == .send)
  }

  @Test("In the grace any key stops, except an Enter that repeats", arguments: [499, 501])
  func stops(gap: Int64) {
    var dialog = Dialog()
    dialog.type("accept 2 kq")
    dialog.send(.enter)
    #expect(dialog.send(.enter, after: gap) == (gap <= 500 ? .none : .stopped))
    #expect(dialog.send(.character("j")) == (gap <= 500 ? .stopped : .none))
    #expect(dialog.send(.tick, after: 10_000) == .none)
  }

  @Test("A dialog accepts no key for 300 ms")
  func deaf() {
    var dialog = Dialog()
    dialog.now.milliseconds -= 400
    dialog.type("acc", gap: 90)
    #expect(dialog.confirmation.typed.isEmpty)
    dialog.send(.character("a"), after: 30)
    #expect(dialog.confirmation.typed == Array("a".utf8))
  }

  @Test(
    "A phrase without letters can be typed ahead: it is accepted only after 300 ms without keys")
  func silence() {
    var dialog = Dialog(Dialog.declines)
    dialog.now.milliseconds -= 400
    dialog.type("decline 5", gap: 90)
    let scrolls = dialog.scroll()
    #expect(scrolls, "it confirms nothing, and puts the silence off")
    #expect(dialog.send(.enter, after: 299) == .none)
    #expect(dialog.confirmation.typed.isEmpty)
    dialog.now.milliseconds += 251
    dialog.type("decline 5")
    #expect(dialog.send(.enter) == .send)
  }

  @Test("Pasted text is refused, and clears what was typed")
  func pastes() {
    for event in [Challenge.Event.pasted(Untrusted("accept 2 kq")), .pasteBegan] {
      var dialog = Dialog()
      dialog.type("accept 2 kq")
      dialog.send(event)
      #expect(dialog.confirmation.note == .pasteRefused)
      #expect(dialog.confirmation.typed.isEmpty)
      #expect(dialog.send(.enter) == .none)
      #expect(dialog.send(.enter, after: 1_000) == .none)
      #expect(!dialog.isConfirmed)
    }
  }

  @Test(
    "A phrase that arrives all at once is no confirmation, with Enter or not",
    arguments: [0, 2, 10])
  func atOnce(gap: Int64) {
    for enter in [gap, 1_000] {
      for kind in [Dialog.declines, .batch(accepts: 2)] {
        var dialog = Dialog(kind)
        dialog.type(dialog.confirmation.asked ?? "", gap: gap)
        #expect(dialog.outcomes.last == .burst)
        #expect(dialog.confirmation.phase == .check(nil))
        dialog.send(.enter, after: enter)
        dialog.confirmation.check("wm", at: dialog.now)
        dialog.send(.enter, after: enter)
        #expect(!dialog.isConfirmed)
        #expect(dialog.confirmation.asked == "wm")
      }
    }
  }

  @Test("A challenge that arrives in two bursts is no confirmation either", arguments: 4...10)
  func heaps(cut: Int) {
    var dialog = Dialog()
    dialog.type(String("accept 2 kq".prefix(cut)), gap: 0)
    dialog.now.milliseconds += 1_000
    dialog.type(String("accept 2 kq".dropFirst(cut)), gap: 40)
    #expect(dialog.send(.enter) == .none)
    #expect(dialog.confirmation.phase == .check(nil))
  }

  @Test("After a burst the newly drawn letters confirm, in one packet too")
  func afterBurst() {
    for gap in [0, 50] as [Int64] {
      var dialog = Dialog()
      dialog.type("accept 2 kq", gap: 0)
      dialog.confirmation.check("wm", at: dialog.now)
      dialog.now.milliseconds += 301
      dialog.type("wm", gap: gap)
      #expect(dialog.confirmation.isComplete)
      #expect(dialog.send(.enter, after: gap) == .armed)
    }
  }

  @Test("Two keys in each read are typing, and so is one read of three")
  func pairs() {
    var dialog = Dialog()
    for (index, scalar) in "accept 2 kq".unicodeScalars.enumerated() {
      dialog.send(.character(scalar), after: index.isMultiple(of: 2) ? 100 : 0)
    }
    #expect(dialog.send(.enter, after: 0) == .armed)
    var triple = Dialog()
    triple.type("acc", gap: 0)
    triple.type("ept 2 kq")
    #expect(triple.send(.enter) == .armed)
  }

  @Test("Two or three keys in one read are typing")
  func lagging() {
    var dialog = Dialog()
    dialog.type("accept 2 k")
    dialog.type("q", gap: 0)
    #expect(dialog.send(.enter, after: 0) == .armed)
  }

  @Test(
    "Enter counts only right after the key that completed the challenge",
    arguments: [
      Challenge.Event.other, .enter, .pasted(Untrusted("x")), .character("x"), .tab,
    ])
  func enterRightAfter(event: Challenge.Event) {
    var dialog = Dialog()
    dialog.type("accept 2 kq")
    if event == .enter {
      dialog.confirmation = Dialog().confirmation
      dialog.type("accept 2 k")
    }
    dialog.send(event)
    if event == .tab { dialog.send(.tab) }
    #expect(dialog.send(.enter) == .none)
    #expect(dialog.confirmation.phase == .challenge)
  }

  @Test("A key that scrolls between the last letter and Enter also prevents the confirmation")
  func scrolledBetween() {
    var dialog = Dialog()
    dialog.type("accept 2 kq")
    #expect(dialog.scroll() == true)
    #expect(dialog.send(.enter) == .none)
    #expect(dialog.confirmation.note == .notJustCompleted)
  }

  @Test("A word and a whole field can be deleted")
  func deleting() {
    var dialog = Dialog()
    dialog.type("accept 3 kx")
    dialog.send(.deleteWord)
    dialog.send(.deleteWord)
    #expect(dialog.confirmation.typed == Array("accept ".utf8))
    dialog.type("2 kq")
    #expect(dialog.send(.enter) == .armed)
    #expect(dialog.send(.deleteLine) == .stopped)
    var other = Dialog(reason: "")
    other.type("one two  ")
    other.send(.deleteWord)
    #expect(other.confirmation.reason == Array("one ".utf8))
    other.send(.deleteLine)
    #expect(other.confirmation.reason.isEmpty)
  }

  @Test("Text typed before a field was emptied does not complete text typed after")
  func deletedIsNotTyped() {
    var dialog = Dialog()
    dialog.type("accept 2 kq")
    dialog.send(.deleteLine)
    #expect(dialog.send(.enter) == .none)
    #expect(!dialog.isConfirmed)
  }

  @Test("A mistake is deleted and retyped")
  func backspace() {
    var dialog = Dialog()
    dialog.type("accept 2 kw")
    dialog.send(.backspace)
    dialog.type("q")
    #expect(dialog.send(.enter) == .armed)
  }

  @Test("A reason is required; it is a field of its own, which Enter ends and which accepts pastes")
  func reason() {
    var dialog = Dialog(reason: " ")
    #expect(dialog.confirmation.focus == .reason)
    for key in [Challenge.Event.enter, .tab, .enter] {
      #expect(dialog.send(key) == .none)
      #expect(dialog.confirmation.note == .reasonMissing)
      #expect(dialog.confirmation.focus == .reason)
    }
    dialog.type("CHGé")
    dialog.send(.backspace)
    dialog.send(.pasted(Untrusted("-44\n11")))
    #expect(dialog.send(.enter) == .none)
    #expect(dialog.confirmation.reason == Array(" CHG-44 11".utf8))
    dialog.type("accept 2 kq")
    #expect(dialog.send(.enter) == .armed)
  }

  @Test("The challenge opens when the last row has been shown")
  func seenWhole() {
    var dialog = Dialog(seenWhole: false)
    dialog.type("a")
    #expect(dialog.confirmation.note == .scrollFirst)
    dialog.send(.seenWhole)
    dialog.type("accept 2 kq")
    #expect(dialog.send(.enter) == .armed)
    var declines = Dialog(Dialog.declines, seenWhole: false)
    declines.type("decline 5")
    #expect(declines.send(.enter) == .none)
  }

  @Test(
    "Declines and cancels are confirmed by the phrase that names them, and Enter",
    arguments: [(5, 0, "decline 5"), (0, 2, "cancel 2"), (3, 2, "decline 3 cancel 2")])
  func noAccepts(declines: Int, cancels: Int, phrase: String) {
    let kind = Challenge.Kind.noAccepts(declines: declines, cancels: cancels)
    var dialog = Dialog(kind, reason: "")
    #expect(dialog.confirmation.asked == phrase)
    dialog.type(phrase)
    #expect(dialog.confirmation.isComplete)
    #expect(dialog.send(.enter) == .send)
    var other = Dialog(kind, reason: "")
    other.type(phrase + "0")
    #expect(other.send(.enter) == .none)
    other.send(.escape)
    #expect(other.outcomes.last == .closed)
  }

  @Test("No single key confirms declines or closes the dialog: Enter says what is missing")
  func noSingleKey() {
    for scalar in (0x20..<0x7F).compactMap(Unicode.Scalar.init) {
      var dialog = Dialog(.noAccepts(declines: 1, cancels: 0), reason: "")
      dialog.send(.character(scalar))
      #expect(dialog.send(.tick, after: 1_000) == .none)
      #expect(dialog.send(.enter) == .none)
      #expect(dialog.confirmation.note == .incomplete("decline 1"))
      #expect(dialog.confirmation.phase == .challenge)
    }
    var dialog = Dialog(Dialog.declines)
    #expect(dialog.send(.enter) == .none)
    #expect(dialog.confirmation.note == .incomplete("decline 5"))
  }

  @Test("An organization is entered by typing or pasting, with or without its prefix")
  func organization() throws {
    for text in [World.acme, String(World.acme.dropFirst(2))] {
      var dialog = Dialog(try Self.alone.get())
      dialog.send(.pasted(Untrusted(" \(text)\n")))
      #expect(dialog.send(.enter) == .none)
      #expect(dialog.confirmation.phase == .challenge)
      #expect(dialog.confirmation.asked == "kq")
      dialog.type("kq")
      #expect(dialog.confirmation.note == .scrollFirst, "who asks has not been on screen yet")
      dialog.send(.seenWhole)
      dialog.send(.pasted(Untrusted("kq")))
      #expect(dialog.send(.enter) == .none)
      dialog.now.milliseconds += 1_000
      dialog.type("kq")
      #expect(dialog.send(.enter) == .armed)
    }
  }

  @Test("A wrong organization is journalled, and locks the row the second time")
  func mismatch() throws {
    var dialog = Dialog(try Self.alone.get())
    dialog.type("ticket")
    #expect(dialog.send(.enter) == .none)
    #expect(dialog.confirmation.note == .notAnOrganization)
    for _ in 0..<6 { dialog.send(.backspace) }
    dialog.type(World.globex)
    #expect(dialog.send(.enter) == .mismatch(Untrusted(World.globex)))
    #expect(dialog.confirmation.note == .mismatch(left: 1))
    dialog.type(World.globex)
    #expect(dialog.send(.enter) == .locked(Untrusted(World.globex)))
    dialog.type("kq")
    #expect(dialog.send(.enter) == .none)
  }

  @Test("A mismatch of an earlier dialog counts")
  func earlierMismatch() throws {
    var dialog = Dialog(try Self.alone.get(), mismatches: 1)
    dialog.type(World.globex)
    #expect(dialog.send(.enter) == .locked(Untrusted(World.globex)))
  }

  @Test(
    "Random keys never send without the challenge typed and Enter right after it",
    arguments: 1...40)
  func property(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var dialog = Dialog()
    let events: [Challenge.Event] = [
      .enter, .enter, .backspace, .tab, .other, .tick, .pasted(Untrusted("accept 2 kq")),
      .character("a"), .character("y"), .character(" "), .character("k"), .character("q"), .stray,
      .pasteBegan,
    ]
    for _ in 0..<400 {
      let event = events[Int.random(in: 0..<events.count, using: &random)]
      dialog.send(event, after: Int64.random(in: 0...400, using: &random))
    }
    #expect(!dialog.outcomes.contains(.send))
    #expect(!dialog.outcomes.contains(.armed))
  }
}
