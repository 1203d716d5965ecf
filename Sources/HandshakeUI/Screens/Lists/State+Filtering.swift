import Model
import Review

extension State {
  mutating func perform(_ find: Command.Find) -> [Effect] {
    switch find {
    case .filter:
      if detail != nil {
        field = LineEditor()
      } else {
        holdFocus()
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
    notice = nil
    switch key {
    case .enter: return endField()
    case .escape, .control("c"):
      dropField()
      return []
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    default:
      guard field?.press(key) == true else { return [] }
      return edited()
    }
  }

  /// Takes what was typed. What is no filter stays to be corrected.
  private mutating func endField() -> [Effect] {
    if detail == nil, let problem = lists[tab].filterProblem {
      let words = Explanation(problem, in: launch.charset)
      notice = Notice(words.why, .refusal)
      return []
    }
    field = nil
    return detail == nil ? [] : jumpToMatch(forward: true)
  }

  /// Gives up what is being typed: what acted before acts again.
  mutating func dropField() {
    guard field != nil else { return }
    field = nil
    if detail == nil { setFilter(lists[tab].filterBefore) } else { detail?.search = "" }
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
    do throws(RowFilter.Problem) {
      inbox.setFilter(try RowFilter(text), in: selection, at: now)
      lists[tab].filter = text
      lists[tab].filterProblem = nil
      refocus()
    } catch {
      lists[tab].filterProblem = error
    }
  }

  /// Shows what one account sees, in every list; all accounts with nil.
  mutating func setScope(_ account: AccountID?) {
    scope = account
    inbox.setScope(account, at: now)
    for list in Tab.allCases where list.selection != nil {
      tab = list
      refocus()
    }
    tab = .inbox
  }

  mutating func setOrder(_ order: RowOrder) {
    guard let selection else { return }
    holdFocus()
    inbox.setOrder(order, in: selection)
    holdFocus()
  }
}
