import Model
import ReviewAnswering
import TestSupport
import Testing
import Text

/// Bytes that are no key, and time in which the program did not run.
@Suite("Bytes that are not keys (UX-14.5)") struct StrayBytesTests {
  static let kinds = [Dialog.declines, .batch(accepts: 2)]

  @Test("In the grace they stop it", arguments: [Challenge.Event.stray, .pasteBegan])
  func inGrace(event: Challenge.Event) {
    for gap in [0, 1, 500, 4_990] as [Int64] {
      var dialog = Dialog()
      dialog.type("accept 2 kq")
      dialog.send(.enter)
      for _ in 0..<gap / 250 { dialog.send(.tick, after: 250) }
      #expect(dialog.send(event, after: gap % 250) == .stopped)
      #expect(dialog.send(.tick, after: 250) == .none)
    }
  }

  @Test("Before it they clear what was typed, whenever they arrive", arguments: 0...11)
  func takesBack(at place: Int) {
    for kind in Self.kinds {
      var dialog = Dialog(kind)
      let phrase = dialog.confirmation.asked ?? ""
      dialog.type(String(phrase.prefix(place)))
      dialog.send(.stray)
      #expect(dialog.confirmation.typed.isEmpty)
      #expect(!dialog.confirmation.isComplete)
      #expect(dialog.confirmation.note == .stray(cleared: place > 0))
      dialog.now.milliseconds += 301
      dialog.type(String(phrase.dropFirst(place)))
      dialog.send(.enter)
      #expect(dialog.isConfirmed == (place == 0))
      // Typed again completely, it confirms.
      var again = Dialog(kind)
      again.send(.stray)
      again.now.milliseconds += 301
      again.type(phrase)
      again.send(.enter)
      #expect(again.isConfirmed)
    }
  }

  @Test("A late rest of them confirms nothing: no key is accepted before 300 ms without input")
  func lateTail() {
    for kind in Self.kinds {
      for gap in [1, 50, 299] as [Int64] {
        var dialog = Dialog(kind)
        let phrase = dialog.confirmation.asked ?? ""
        dialog.send(.stray)
        dialog.type(phrase, gap: gap)
        dialog.send(.enter, after: gap)
        #expect(!dialog.isConfirmed)
        #expect(dialog.confirmation.typed.isEmpty)
        // Between the last letter and Enter, too.
        var late = Dialog(kind)
        late.type(phrase)
        late.send(.stray)
        late.send(.enter, after: 400)
        #expect(!late.isConfirmed)
      }
    }
  }

  @Test("They leave the reason and the expected organization unchanged")
  func fields() throws {
    var dialog = Dialog(try ChallengeTests.alone.get(), reason: "CHG-1")
    dialog.type("o-a1b2")
    dialog.send(.stray)
    #expect(dialog.confirmation.typed == Array("o-a1b2".utf8))
    #expect(dialog.confirmation.phase == .organization)
    #expect(dialog.send(.enter, after: 200) == .none)
    #expect(dialog.confirmation.typed == Array("o-a1b2".utf8))
    var batch = Dialog(reason: "")
    batch.type("CHG-1")
    batch.send(.tab)
    batch.type("accept 2 kq")
    batch.send(.stray)
    #expect(batch.confirmation.reason == Array("CHG-1".utf8))
    #expect(batch.confirmation.typed.isEmpty)
  }

  @Test("Esc arrives first as a byte that is not a key yet, and goes back all the same")
  func escape() {
    for kind in Self.kinds {
      var dialog = Dialog(kind)
      dialog.send(.stray)
      #expect(dialog.send(.escape, after: 50) == .closed)
    }
  }

  @Test("After a burst they ask for the phrase again")
  func afterBurst() {
    var dialog = Dialog(Dialog.declines)
    dialog.type("decline 5", gap: 0)
    dialog.confirmation.check("wm", at: dialog.now)
    dialog.send(.stray, after: 400)
    #expect(dialog.confirmation.asked == "decline 5")
    // Letters that arrive too late do not count for the new phrase.
    dialog.confirmation.check("ab", at: dialog.now)
    #expect(dialog.confirmation.asked == "decline 5")
  }

  @Test("A tick that arrives more than half a second late ends the grace", arguments: [500, 501])
  func lateTick(late: Int64) {
    for ticks in 0..<20 {
      var dialog = Dialog()
      dialog.type("accept 2 kq")
      dialog.send(.enter)
      for _ in 0..<ticks { dialog.send(.tick, after: 250) }
      #expect(dialog.confirmation.nextTick == dialog.now + .milliseconds(250))
      let outcome = dialog.send(.tick, after: 250 + late)
      #expect(
        outcome == (late > 500 ? .overslept(.milliseconds(late)) : ticks < 17 ? .none : .send))
      if late > 500 {
        for _ in 0..<40 { dialog.send(.tick, after: 250) }
        #expect(!dialog.outcomes.contains(.send))
      }
    }
  }

  @Test("A grace of any length gets ticks, the last one at its end")
  func ticks() {
    for grace in [1, 249, 250, 251, 1_000, 1_700, 60_000] as [Int64] {
      var dialog = Dialog(grace: .milliseconds(grace))
      dialog.type("accept 2 kq")
      dialog.send(.enter)
      let end = dialog.now + .milliseconds(grace)
      var outcome = Challenge.Outcome.none
      while outcome == .none, let due = dialog.confirmation.nextTick {
        #expect(due > dialog.now && due <= dialog.now + .milliseconds(250))
        outcome = dialog.send(.tick, after: (due - dialog.now).milliseconds)
      }
      #expect(outcome == .send)
      #expect(dialog.now == end)
    }
  }
}

extension Span {
  fileprivate static func milliseconds(_ count: Int64) -> Span { Span(milliseconds: count) }
}
