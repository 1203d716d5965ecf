import Model
import Review

extension State {
  mutating func perform(_ stage: Command.Stage) -> [Effect] {
    if stage == .drop { return drop() }
    guard let answer = stage.answer else { return [] }
    let marked = detail == nil ? shownMarks : []
    if marked.isEmpty {
      guard let row = focusedRow else { return [] }
      if case .failure(let refusal) = plan.stage(
        answer, row, in: inbox, from: launch.place, at: now)
      {
        notice = Notice("\(answer.rawValue): \(words(for: refusal, to: answer))", .refusal)
      } else {
        notice = Notice("planned: \(answer.rawValue) \(row.id?.text ?? ""); nothing is sent")
      }
      if detail == nil, let cursor { focus(on: cursor + 1) }
      return []
    }
    stageMarked(answer, marked)
    return []
  }

  private mutating func stageMarked(_ answer: Answer, _ keys: [RowKey]) {
    var staged = 0
    var firstRefusal: Plan.Refusal?
    for row in keys.compactMap({ inbox.row($0) }) {
      switch plan.stage(answer, row, in: inbox, from: launch.place, at: now) {
      case .success: staged += 1
      case .failure(let refusal): firstRefusal = firstRefusal ?? refusal
      }
    }
    // The marks end with the act that used them, whatever came of it.
    endMarks(keys)
    let hidden = lists[tab].marks.count
    var text = "planned: \(answer.rawValue) \(staged) of \(keys.count) marked; nothing is sent"
    if let firstRefusal { text += "; \(words(for: firstRefusal, to: answer))" }
    if hidden > 0 { text += "; \(hidden) hidden unchanged, still marked" }
    notice = Notice(text, firstRefusal == nil ? .news : .refusal)
  }

  /// Out of the plan, and unmarked.
  private mutating func drop() -> [Effect] {
    let marked = detail == nil ? shownMarks : []
    let keys = marked.isEmpty ? [focusedRow?.key].compactMap(\.self) : marked
    let dropped = keys.count { $0.id.map { plan.unstage($0) != nil } ?? false }
    let marks = keys.count { lists[tab].marks.contains($0) }
    endMarks(keys)
    let ended = marks > 0 ? ", \(marks) unmarked" : ""
    notice = Notice("unplanned: \(dropped) of \(keys.count)\(ended)")
    if marked.isEmpty, detail == nil, let cursor { focus(on: cursor + 1) }
    return []
  }
}

extension State {
  private mutating func endMarks(_ keys: [RowKey]) {
    lists[tab].marks.subtract(keys)
    lists[tab].anchor = nil
  }
}

extension Command.Stage {
  var answer: Answer? {
    switch self {
    case .accept: .accept
    case .decline: .decline
    case .cancel: .cancel
    case .drop: nil
    }
  }
}
