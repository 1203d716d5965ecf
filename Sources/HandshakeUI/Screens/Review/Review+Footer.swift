import Drawing
import Model
import Review
import Text

extension State {
  /// What is typed, what it is for, and what stands against it. The cursor is where keys go.
  /// - Parameter left: Lines of the review that have yet to be read.
  func confirmationLines(
    _ review: ReviewDialog, _ words: ConfirmationWords, width: Int, left: Int
  ) -> (lines: [Line], cursor: Position?) {
    guard let confirmation = review.confirmation else {
      return ([Line("one moment", .quiet)], nil)
    }
    var lines = [Line(String(repeating: pen.lines.horizontal, count: width), .border)]
    if case .grace(let until) = confirmation.phase {
      let seconds = (until - uptime).wholeSeconds
      lines += [
        Line("ARMED: sends in \(seconds) s. Any key stops it.", .danger, bold: true),
        Line("Nothing has been sent yet.", .plain),
      ]
      return (lines, nil)
    }
    if confirmation.phase == .locked {
      return (
        lines + [Line("LOCKED until the program is started again. Press any key.", .danger)], nil
      )
    }
    var cursor: Position?
    let reason = field(
      "Reason (Tab) > ", confirmation.reason, width, isFocused: confirmation.focus == .reason)
    lines.append(reason.line)
    if confirmation.focus == .reason {
      cursor = Position(row: lines.count - 1, column: reason.cursor)
    }
    lines += prompt(confirmation, words, width: width, left: left)
    let label = confirmation.phase == .organization ? "Expected organization > " : "> "
    let typed = field(
      label, confirmation.typed, width, isFocused: confirmation.focus == .challenge)
    lines.append(typed.line)
    if confirmation.focus == .challenge {
      cursor = Position(row: lines.count - 1, column: typed.cursor)
    }
    lines += note(confirmation, review).wrapped(to: width)
    if review.canSkip {
      lines.append(Line("C-x", .key) + Line(" skip this one: it stays in the plan"))
    }
    lines.append(Line("Esc", .key) + Line(" back, the plan is kept   ") + scrollKeys(confirmation))
    return (lines, cursor)
  }

  /// What has to be typed, once it counts; before, what has to be done first. It takes as many lines
  /// then as later, so that nothing moves when it appears.
  private func prompt(
    _ confirmation: Challenge, _ words: ConfirmationWords, width: Int, left: Int
  ) -> [Line] {
    var lines = prompt(confirmation, words).flatMap { Line($0).wrapped(to: width) }
    guard confirmation.phase != .organization else { return lines }
    let first: Line? =
      if !confirmation.isSeenWhole {
        Line("read to the end: ", .warning) + Line("PgDn", .key)
          + Line(" (\(left) \(left == 1 ? "line" : "lines"))", .warning)
      } else if confirmation.isReasonMissing {
        Line("First type the reason and press Enter.", .warning)
      } else {
        nil
      }
    guard let first else { return lines }
    lines = lines.map { _ in Line() }
    lines[0] = first
    return lines
  }

  private func prompt(_ confirmation: Challenge, _ words: ConfirmationWords) -> [String] {
    switch (confirmation.kind, confirmation.phase) {
    case (_, .check(let letters)):
      [
        "This looked like a paste. Type it by hand.",
        letters.map { "Type \($0), then Enter." } ?? "one moment",
      ]
    case (.alone, .organization):
      [
        "Which organization do you expect? Take its id from your ticket, not from a screen: type or "
          + "paste it, then Enter."
      ]
    case (.alone, _):
      ["Match: that organization sent this. Type \(confirmation.letters), then Enter."]
    default: [words.prompt]
    }
  }

  private func note(_ confirmation: Challenge, _ review: ReviewDialog) -> Line {
    if let note = confirmation.note { return Line(note.words, .danger) }
    let layoutScrolls = review.scroll > 0
    if confirmation.isComplete {
      let does =
        confirmation.hasGrace ? "starts the countdown, which any key stops" : "sends"
      return Line("Complete: Enter \(does).", .danger, bold: true)
    }
    if confirmation.isReasonMissing {
      let key = confirmation.focus == .reason ? "." : ": Tab."
      return Line("A reason is required" + key, .warning)
    }
    return layoutScrolls ? Line("") : Line("Enter alone never sends.", .quiet)
  }

  private func scrollKeys(_ confirmation: Challenge) -> Line {
    Line("Up Down PgUp PgDn", .key) + Line(" scroll")
  }

  /// A label and what was typed; long text shows its end.
  private func field(
    _ label: String, _ bytes: [UInt8], _ width: Int, isFocused: Bool
  ) -> (line: Line, cursor: Int) {
    let room = max(1, width - label.utf8.count - 1)
    var shown = pen.exact(Untrusted(bytes: bytes))
    while DisplayWidth.of(shown) > room { shown.removeFirst() }
    let line = Line(label, isFocused ? .heading : .quiet) + Line(shown, .input)
    return (line, label.utf8.count + DisplayWidth.of(shown))
  }
}
