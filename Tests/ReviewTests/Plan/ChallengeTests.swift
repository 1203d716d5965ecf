import Model
import Review
import TestSupport
import Testing
import Text

/// A dialog with a clock: keys are 50 ms apart unless said otherwise.
private struct Dialog {
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
}

@Suite("The confirmation dialog")
struct ChallengeTests {
  static let alone = Result {
    Challenge.Kind.alone(
      try Fixture.handshake(World.id(1)), try Fixture.organization(World.acme))
  }

  @Test("The challenge, Enter, and the grace send")
  func sends() {
    var dialog = Dialog()
    #expect(dialog.confirmation.phrase == "accept 2 kq")
    dialog.type("accept 2 kq")
    #expect(dialog.send(.enter) == .armed)
    #expect(dialog.send(.tick, after: 4_999) == .none)
    #expect(dialog.send(.tick, after: 1) == .send)
    #expect(dialog.send(.enter) == .none)
  }

  @Test("Without a grace it sends at once")
  func noGrace() {
    var dialog = Dialog(grace: .zero)
    dialog.type("accept 2 kq")
    #expect(dialog.send(.enter) == .send)
  }

  @Test("In the grace any key stops, but not the Enter that repeats", arguments: [499, 501])
  func stops(gap: Int64) {
    var dialog = Dialog()
    dialog.type("accept 2 kq")
    dialog.send(.enter)
    #expect(dialog.send(.enter, after: gap) == (gap <= 500 ? .none : .stopped))
    #expect(dialog.send(.character("j")) == (gap <= 500 ? .stopped : .none))
    #expect(dialog.send(.tick, after: 10_000) == .none)
  }

  @Test("A dialog takes no key for 300 ms")
  func deaf() {
    var dialog = Dialog()
    dialog.now.milliseconds -= 400
    dialog.type("acc", gap: 90)
    #expect(dialog.confirmation.typed.isEmpty)
    dialog.send(.character("a"), after: 30)
    #expect(dialog.confirmation.typed == Array("a".utf8))
  }

  @Test("Where one key sends, none is taken before none has come for 300 ms")
  func silence() {
    var dialog = Dialog(.yes)
    dialog.now.milliseconds -= 400
    dialog.type("accept", gap: 90)
    #expect(dialog.scroll() == false)
    #expect(dialog.send(.character("y"), after: 299) == .none)
    #expect(dialog.send(.escape, after: 299) == .none)
    #expect(dialog.confirmation.nextTick == nil)
    #expect(dialog.send(.character("y"), after: 151) == .none)
    #expect(dialog.confirmation.nextTick == dialog.now + Challenge.alone)
  }

  @Test(
    "Pasted text is not taken, and a challenge that comes all at once is cleared",
    arguments: [0, 2, 3])
  func pastes(gap: Int64) {
    var dialog = Dialog()
    dialog.send(.pasted(Untrusted("accept 2 kq")))
    #expect(dialog.confirmation.note == .pasteRefused)
    #expect(dialog.send(.enter) == .none)
    dialog.now.milliseconds += 1_000
    dialog.type("accept 2 kq", gap: gap)
    #expect(dialog.confirmation.note == .cameAtOnce)
    #expect(dialog.confirmation.typed.isEmpty)
    #expect(dialog.send(.enter) == .none)
  }

  @Test("A challenge that comes in two heaps is no more typed than one", arguments: 4...10)
  func heaps(cut: Int) {
    var dialog = Dialog()
    dialog.type(String("accept 2 kq".prefix(cut)), gap: 0)
    dialog.now.milliseconds += 1_000
    dialog.type(String("accept 2 kq".dropFirst(cut)), gap: 40)
    #expect(dialog.send(.enter) == .none)
    #expect(dialog.confirmation.phase == .challenge)
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

  @Test("A key that scrolls also stands between the last letter and Enter")
  func scrolledBetween() {
    var dialog = Dialog()
    dialog.type("accept 2 kq")
    #expect(dialog.scroll() == true)
    #expect(dialog.send(.enter) == .none)
    #expect(dialog.confirmation.note == .notJustCompleted)
  }

  @Test("A slip is taken back and typed anew")
  func backspace() {
    var dialog = Dialog()
    dialog.type("accept 2 kw")
    dialog.send(.backspace)
    dialog.type("q")
    #expect(dialog.send(.enter) == .armed)
  }

  @Test("A reason is required; it is a field of its own, which Enter ends and which takes pastes")
  func reason() {
    var dialog = Dialog(reason: " ")
    dialog.type("accept 2 kq")
    #expect(dialog.send(.enter) == .none)
    #expect(dialog.confirmation.note == .reasonMissing)
    dialog.send(.tab)
    dialog.type("CHGé")
    dialog.send(.backspace)
    dialog.send(.pasted(Untrusted("-44\n11")))
    #expect(dialog.send(.enter) == .none)
    #expect(dialog.confirmation.reason == Array(" CHG-44 11".utf8))
    dialog.type("accept 2 kq")
    #expect(dialog.send(.enter) == .armed)
  }

  @Test("The challenge opens when the last row has been on screen")
  func seenWhole() {
    var dialog = Dialog(seenWhole: false)
    dialog.type("a")
    #expect(dialog.confirmation.note == .scrollFirst)
    dialog.send(.seenWhole)
    dialog.type("accept 2 kq")
    #expect(dialog.send(.enter) == .armed)
    var yes = Dialog(.yes, seenWhole: false)
    #expect(yes.send(.character("y")) == .none)
  }

  @Test("Declines alone take a y; Enter, n and Esc are no; other keys are ignored")
  func yes() {
    var dialog = Dialog(.yes, reason: "")
    for event in [Challenge.Event.other, .character("d"), .character("Y"), .backspace] {
      #expect(dialog.send(event) == .none)
    }
    #expect(dialog.send(.pasted(Untrusted("y"))) == .none)
    #expect(dialog.send(.character("y"), after: 400) == .none)
    #expect(dialog.confirmation.nextTick == dialog.now + Challenge.alone)
    #expect(dialog.send(.tick, after: 149) == .none)
    #expect(dialog.send(.tick, after: 1) == .send)
    for event in [Challenge.Event.enter, .character("n"), .escape] {
      var refused = Dialog(.yes)
      #expect(refused.send(event) == .closed)
      #expect(refused.send(.character("y")) == .none)
    }
  }

  @Test(
    "A y with another key before or after it is not taken",
    arguments: [
      Challenge.Event.character("y"), .character("d"), .enter, .tab, .other, .character("n"),
      .pasted(Untrusted("y")),
    ])
  func notAlone(event: Challenge.Event) {
    var before = Dialog(.yes)
    before.send(.other)
    before.send(.character("y"), after: 150)
    #expect(before.confirmation.note == .notAlone)
    #expect(before.send(.tick, after: 1_000) == .none)
    var after = Dialog(.yes)
    after.send(.character("y"))
    #expect(after.send(event, after: 149) == .none)
    #expect(after.confirmation.note == .notAlone)
    #expect(after.send(.tick, after: 1_000) == .none)
    // Late, and yet before the clock was looked at.
    var late = Dialog(.yes)
    late.send(.character("y"))
    #expect(late.send(event, after: 3_000) == .none)
    #expect(late.send(.tick, after: 1_000) == .none)
    var scrolled = Dialog(.yes)
    scrolled.send(.character("y"))
    #expect(scrolled.scroll() == false)
    #expect(scrolled.send(.tick, after: 1_000) == .none)
  }

  @Test("Esc right after a y takes it back")
  func takenBack() {
    var dialog = Dialog(.yes)
    dialog.send(.character("y"))
    #expect(dialog.send(.escape, after: 149) == .closed)
    #expect(dialog.send(.tick, after: 1_000) == .none)
  }

  @Test("A held y sends nothing, however unsteady the link", arguments: 1...20)
  func held(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var dialog = Dialog(.yes)
    for _ in 0..<500 {
      dialog.send(.character("y"), after: Int64.random(in: 0...140, using: &random))
      if let tick = dialog.confirmation.nextTick, tick <= dialog.now { dialog.send(.tick) }
    }
    #expect(!dialog.outcomes.contains(.send))
    dialog.send(.character("y"), after: 301)
    #expect(dialog.send(.tick, after: 150) == .send)
  }

  @Test("An organization is stated by typing or pasting, with or without its prefix")
  func organization() throws {
    for text in [World.acme, String(World.acme.dropFirst(2))] {
      var dialog = Dialog(try Self.alone.get())
      dialog.send(.pasted(Untrusted(" \(text)\n")))
      #expect(dialog.send(.enter) == .none)
      #expect(dialog.confirmation.phase == .challenge)
      #expect(dialog.confirmation.phrase == "kq")
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

  @Test("A wrong organization is told to the journal, and locks the row the second time")
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
      .character("a"), .character("y"), .character(" "), .character("k"), .character("q"),
    ]
    for _ in 0..<400 {
      let event = events[Int.random(in: 0..<events.count, using: &random)]
      dialog.send(event, after: Int64.random(in: 0...400, using: &random))
    }
    #expect(!dialog.outcomes.contains(.send))
    #expect(!dialog.outcomes.contains(.armed))
  }
}
