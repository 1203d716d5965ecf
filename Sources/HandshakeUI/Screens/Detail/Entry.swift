import Drawing
import Model
import Text

/// One line of the detail, not yet formatted: only those on the screen are.
struct Entry: Hashable, Sendable {
  var id: EntryID
  /// For each level above, whether more entries follow there.
  var above: [Bool] = []
  var isLast = true
  /// Entries that can be folded away below it.
  var isFoldable = false
  var content: Content

  enum Content: Hashable, Sendable {
    case handshake
    case times
    case count(String, Int)
    case party(Party)
    case resource(Resource)
    case text(Layout.Line)
    case deeper(Int)
    case heading(String)
    case line(Line)
    case blank
  }
}
