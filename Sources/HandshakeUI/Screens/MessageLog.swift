import Drawing
import Model

/// The notices of the session, the latest last; the notice line cuts them and drops them at a key.
struct MessageLog: Equatable, Sendable {
  struct Entry: Hashable, Sendable {
    var notice: Notice
    /// The time of the last occurrence.
    var time: Timestamp
    /// The number of consecutive occurrences.
    var count = 1
  }

  private(set) var entries: [Entry] = []
  static let limit = 500

  mutating func add(_ notice: Notice, at time: Timestamp) {
    if let last = entries.indices.last, entries[last].notice == notice {
      entries[last].count += 1
      entries[last].time = time
      return
    }
    if entries.count == Self.limit { entries.removeFirst() }
    entries.append(Entry(notice: notice, time: time))
  }
}

extension State {
  /// Opens a panel with all messages in full, the latest first.
  mutating func openMessages() -> [Effect] {
    guard !messages.entries.isEmpty else {
      return open(.panel(Panel(Line("MESSAGES", .heading), [Line("no messages yet")])))
    }
    let lines = messages.entries.reversed().map { entry in
      Line("\(pen.second(entry.time))  ", .quiet) + Line(entry.notice.text, entry.notice.role)
        + Line(entry.count > 1 ? "  (\(entry.count) times)" : "", .quiet)
    }
    let title = Line("MESSAGES: \(messages.entries.count), newest first", .heading)
    return open(.panel(Panel(title, lines, copying: copied(lines), indent: 11)))
  }

  /// Returns as many of the latest messages as the clipboard takes.
  private func copied(_ lines: [Line]) -> String {
    var text = ""
    for line in lines {
      let more = (text.isEmpty ? "" : "\n") + line.text
      guard text.utf8.count + more.utf8.count <= Self.clipboardLimit else { break }
      text += more
    }
    return text
  }
}

extension Notice {
  var role: Role {
    switch kind {
    case .news: .quiet
    case .refusal: .warning
    case .fault: .danger
    }
  }
}
