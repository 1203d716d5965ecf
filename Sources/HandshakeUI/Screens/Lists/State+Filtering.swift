import Review

extension State {
  mutating func perform(_ find: Command.Find) -> [Effect] {
    switch find {
    case .filter:
      if detail != nil {
        field = LineEditor()
      } else {
        lists[tab].filterBefore = lists[tab].filter
        field = LineEditor(lists[tab].filter)
      }
      return []
    case .order: return open(.menu(.orders(current: currentOrder)))
    case .nextMatch: return jumpToMatch(forward: true)
    case .previousMatch: return jumpToMatch(forward: false)
    }
  }

  var currentOrder: RowOrder { selection.map { inbox.listing($0).order } ?? .standard }

  /// A key while the filter or the search is typed; nil when nothing is.
  mutating func pressInField(_ key: Key) -> [Effect]? {
    guard field != nil, dialog == nil else { return nil }
    switch key {
    case .enter:
      field = nil
      return detail == nil ? [] : jumpToMatch(forward: true)
    case .escape, .control("c"):
      field = nil
      if detail == nil { setFilter(lists[tab].filterBefore) } else { detail?.search = "" }
      return []
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    default:
      guard field?.press(key) == true else { return [] }
      return edited()
    }
  }

  /// The list follows while the filter is typed.
  mutating func edited() -> [Effect] {
    guard let field else { return [] }
    if detail == nil { setFilter(field.text) } else { detail?.search = field.text }
    return []
  }

  /// A filter that is not understood leaves what is shown as it is, and says why.
  mutating func setFilter(_ text: String) {
    guard let selection else { return }
    holdFocus()
    lists[tab].filter = text
    do throws(RowFilter.Problem) {
      inbox.setFilter(try RowFilter(text), in: selection, at: now)
      lists[tab].filterProblem = nil
    } catch {
      lists[tab].filterProblem = error
    }
  }

  mutating func setOrder(_ order: RowOrder) {
    guard let selection else { return }
    holdFocus()
    inbox.setOrder(order, in: selection)
    holdFocus()
  }
}
