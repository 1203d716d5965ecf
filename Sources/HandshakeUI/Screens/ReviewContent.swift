import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The text of a review: what is confirmed, and below it the field to type into.
struct ReviewContent {
  let review: ReviewScreen
  let session: Session
  let words: ConfirmationWords
  let width: Int

  private var progress: ReviewProgress { review.progress }
  private var labels: Labels { session.labels }
  private var format: Formatter { session.format }

  /// Returns the lines of what one confirmation covers: declines, cancels, accepts of trusted
  /// senders.
  var batchLines: [Line] {
    var lines: [Line] = []
    for (number, line) in progress.sheet.together.enumerated() {
      lines += itemLines(line, number: number + 1, sentence: words.lines[safe: number])
    }
    if !progress.sheet.alone.isEmpty {
      lines += [
        Line(), Line("CONFIRMED ALONE, AFTERWARDS: \(progress.sheet.alone.count)", .heading),
      ]
      for line in progress.sheet.alone {
        let reasons = line.ruling.reasons.map(\.words).joined(separator: ", ")
        let kind = line.item.seen.shape.otherLabel
        lines +=
          (Line("  \(labels.account(line.item.account))", .warning) + kind + Line("  ")
          + line.mark.label + Line("  \(reasons)", .warning)).wrapped(to: width, indent: 4)
      }
    }
    if !progress.sheet.barred.isEmpty {
      lines += [Line()] + Self.barredLines(progress.sheet, labels, width: width)
    }
    // Counts all inbox rows, including those that a filter hides.
    let idle = session.inbox.listing(.inbox).all - session.plan.items.count { $0.answer != .cancel }
    if idle > 0 {
      let rest =
        Line("\(idle) other inbox \(idle == 1 ? "row" : "rows"): unchanged")
      lines += [Line()] + rest.wrapped(to: width, indent: 4)
    }
    lines.append(Line())
    lines += Line.labelled("ORDER", "one at a time; a refusal does not stop the others", width)
    lines += Line.labelled("UNDO", words.warning, width)
    lines += Line.labelled("LOGGED", "in the journal, before each request", width)
    return lines
  }

  private func itemLines(
    _ line: ReviewSheet.Line, number: Int, sentence: String?
  ) -> [Line] {
    let item = line.item
    let role: Role = item.answer == .accept ? .warning : .plain
    var head = Line("\(number) \(item.answer.rawValue)", role, bold: true)
    head += item.seen.shape.otherLabel + Line("  ")
    head += Line("\(labels.account(item.account))   \(labels.sender(of: item.seen))   ")
    head += line.mark.label
    // Wrapped, not cut, because the organization's id and trust are at the end.
    var lines = head.wrapped(to: width, indent: 4)
    lines += Line("    \(sentence ?? "")").wrapped(to: width, indent: 4)
    lines += lookAlikeLines(line, indent: 4)
    if item.answer == .accept {
      let features = item.seen.featureSet.map { format.name($0) } ?? "unknown"
      lines += Line("    features \(features), \(expiry(of: item))").wrapped(to: width, indent: 4)
    }
    lines += Line("    \(item.id.text)", .quiet).wrapped(to: width, indent: 4)
    if line.isHidden {
      lines.append(Line("    hidden by the current filter", .warning))
    }
    return lines
  }

  /// Returns a warning about a name like a known one; empty if the sender has none.
  private func lookAlikeLines(_ line: ReviewSheet.Line, indent: Int) -> [Line] {
    guard let known = line.lookAlike else { return [] }
    let name = line.item.seen.senderName.map { format.exact($0) } ?? ""
    let text = "calls itself \"\(name)\"; it is not your \(format.exact(known.name))"
    return
      (Line(String(repeating: " ", count: indent)) + Line("LOOK-ALIKE  ", .danger, bold: true)
      + Line(text, .danger)).wrapped(to: width, indent: indent)
  }

  /// Returns the expiry and the time left: `expires 24 Nov 09:14Z, 1 d 18 h left`.
  private func expiry(of item: PlanItem) -> String {
    guard let expires = item.seen.expires else { return "no expiry time" }
    return "expires \(format.minute(expires)), \((expires - session.now).words) left"
  }

  /// Returns the lines of an accept that is confirmed alone.
  var aloneLines: [Line] {
    guard case .alone(let item, let organization) = progress.current,
      let line = progress.sheet.alone.first(where: { $0.item.id == item.id })
    else { return [] }
    let hides = review.confirmation?.hidesSender ?? true
    var lines = Line.labelled("account", labels.account(item.account), width)
    lines += Line.labelled("handshake", item.id.text, width)
    lines += Line.labelled("kind", item.seen.shape.kindName, width)
    lines += Line.labelled(
      "from",
      hides
        ? "(hidden until you enter the organization id)"
        : "\(organization.text), management account \(item.seen.senderAccount?.text ?? "?")", width)
    if !hides, let listed = line.ruling.listedManager {
      lines += Line.labelled("listed", "with management account \(listed.text)", width)
    }
    lines += Line.labelled("trust", line.mark.text, width)
    lines += lookAlikeLines(line, indent: 0)
    let marks = session.inbox.trustList.marks(of: item.seen).filter { $0.isAboutLetters }
    if !marks.isEmpty {
      let words = marks.map { $0.words(in: session.launch.charset) }.joined(separator: ", ")
      lines += Line.labelled("name", words, width)
    }
    lines += Line.labelled("time", expiry(of: item), width)
    lines +=
      (Line("confirmed separately because ", .heading)
      + Line(line.ruling.reasons.map(\.words).joined(separator: "; ")))
      .wrapped(to: width, indent: 10)
    lines.append(Line())
    for sentence in words.lines { lines += Line(sentence, .plain, bold: true).wrapped(to: width) }
    for effect in line.consequences.effects where !(hides && effect.namesSender) {
      lines += Line.labelled(effect.label, effect.words(in: session.launch.charset), width)
    }
    lines +=
      (Line("AWS refuses if: ", .heading)
      + Line(line.consequences.mayBeRefused.map(\.words).joined(separator: "; ")))
      .wrapped(to: width, indent: 10)
    return lines
  }

  /// Returns the planned answers that are not sent, each with the unresolved attempt that bars it.
  static func barredLines(
    _ sheet: ReviewSheet, _ labels: Labels, width: Int
  ) -> [Line] {
    let format = labels.format
    var lines = [Line("BARRED, NOT SENT: \(sheet.barred.count)", .danger, bold: true)]
    for barred in sheet.barred {
      let item = barred.line.item
      lines += Line(
        "  \(item.answer.rawValue)  \(labels.account(item.account))   \(item.id.text)", .warning
      )
      .wrapped(to: width, indent: 4)
      let attempt = barred.attempt
      let about = attempt.intent.handshake.map { $0 == item.id ? "" : " on \($0.text)" } ?? ""
      lines += Line(
        "    an earlier attempt\(about) is unresolved: \(attempt.intent.id.text), "
          + "\(format.minute(attempt.moment.time)) by \(format.exact(attempt.who.name)); "
          + "`handshake journal` shows it", .warning
      ).wrapped(to: width, indent: 4)
    }
    return lines
  }
}

extension Consequence {
  /// Whether the sentence names the sender.
  var namesSender: Bool {
    switch self {
    case .joins, .payer, .consents, .enablesAllFeatures, .handsBillOver, .blocksAllFeatures: true
    default: false
    }
  }
}

extension ReviewContent {
  /// Returns the field to type into, with its purpose and errors, and the cursor's position in it.
  ///
  /// `left` is the number of lines of the review that have not been on the screen.
  func confirmationLines(
    left: Int
  ) -> (lines: [Line], cursor: Position?) {
    guard let confirmation = review.confirmation else {
      return ([Line("one moment", .quiet)], nil)
    }
    var lines = [Line(String(repeating: format.lines.horizontal, count: width), .border)]
    if case .grace(let until) = confirmation.phase {
      let seconds = (until - session.uptime).wholeSeconds
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
      "Reason (Tab) > ", confirmation.reason, isFocused: confirmation.focus == .reason)
    lines.append(reason.line)
    if confirmation.focus == .reason {
      cursor = Position(row: lines.count - 1, column: reason.cursor)
    }
    lines += prompt(confirmation, left: left)
    let label = confirmation.phase == .organization ? "Expected organization > " : "> "
    let typed = field(
      label, confirmation.typed, isFocused: confirmation.focus == .challenge)
    lines.append(typed.line)
    if confirmation.focus == .challenge {
      cursor = Position(row: lines.count - 1, column: typed.cursor)
    }
    lines += note(confirmation).wrapped(to: width)
    if progress.canSkip {
      lines.append(Line("C-x", .key) + Line(" skip this one: it stays in the plan"))
    }
    lines.append(Line("Esc", .key) + Line(" back, the plan is kept   ") + scrollKeys(confirmation))
    return (lines, cursor)
  }

  /// Returns the phrase to type, or what has to be done before it counts.
  ///
  /// Both take the same number of lines, so that nothing moves when the phrase appears.
  private func prompt(
    _ confirmation: Challenge, left: Int
  ) -> [Line] {
    var lines = prompt(confirmation).flatMap { Line($0).wrapped(to: width) }
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

  private func prompt(_ confirmation: Challenge) -> [String] {
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

  private func note(_ confirmation: Challenge) -> Line {
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

  /// Returns a label and the typed text, of which the end is shown if it is too long.
  private func field(
    _ label: String, _ bytes: [UInt8], isFocused: Bool
  ) -> (line: Line, cursor: Int) {
    let room = max(1, width - label.utf8.count - 1)
    var shown = format.exact(Untrusted(bytes: bytes))
    while DisplayWidth.of(shown) > room { shown.removeFirst() }
    let line = Line(label, isFocused ? .heading : .quiet) + Line(shown, .input)
    return (line, label.utf8.count + DisplayWidth.of(shown))
  }
}
