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
      case .success:
        staged += 1
        lists[tab].marks.remove(row.key)
      case .failure(let refusal): firstRefusal = firstRefusal ?? refusal
      }
    }
    lists[tab].anchor = nil
    let hidden = lists[tab].marks.count - shownMarks.count
    var text = "planned: \(answer.rawValue) \(staged) of \(keys.count) marked; nothing is sent"
    if let firstRefusal { text += "; \(words(for: firstRefusal, to: answer))" }
    if hidden > 0 { text += "; \(hidden) hidden not touched" }
    notice = Notice(text, firstRefusal == nil ? .news : .refusal)
  }

  /// Out of the plan; a row that is not in it loses its mark.
  private mutating func drop() -> [Effect] {
    let marked = detail == nil ? shownMarks : []
    let keys = marked.isEmpty ? [focusedRow?.key].compactMap(\.self) : marked
    for key in keys {
      let wasPlanned = key.id.map { plan.unstage($0) != nil } ?? false
      if !wasPlanned { lists[tab].marks.remove(key) }
    }
    if marked.isEmpty, detail == nil, let cursor { focus(on: cursor + 1) }
    return []
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
