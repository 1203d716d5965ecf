import Drawing
import Model
import Review

extension State {
  /// What is printed to the scrollback when the screens are gone: what was sent and its outcome.
  public var farewell: [String] {
    deeds.map { entry in
      let item = entry.item
      return "\(item.answer.rawValue) \(item.id.text) as \(item.account.text): "
        + resultLine(entry.result).text
    }
  }
}
