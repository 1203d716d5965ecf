import CNcurses
import Drawing

/// The terminal attributes and colours of each style of a frame.
///
/// The operator's own 16 colours are used on the default background, so that light and dark
/// palettes both work; without colours the attributes alone distinguish the styles.
struct Palette {
  struct Look: Equatable {
    var attributes: attr_t
    var pair: Int32
  }

  private var looks: [Style: Look] = [:]

  /// Allocates the colour pairs; call it after `newterm`.
  ///
  /// With `colours` false none are used, whatever the terminal supports.
  init(colours: Bool) {
    let useColours = colours && has_colors() && start_color() == OK && use_default_colors() == OK
    var pairs: [Int32: Int32] = [:]
    for role in Role.allCases {
      let (colour, attributes) = Self.appearance(role)
      var pair: Int32 = 0
      if useColours, let colour, colour < cn_colour_count() {
        pair = pairs[colour] ?? Int32(pairs.count + 1)
        if pairs.updateValue(pair, forKey: colour) == nil { init_extended_pair(pair, colour, -1) }
      }
      looks[Style(role: role)] = Look(attributes: attributes, pair: pair)
      looks[Style(role: role, bold: true)] = Look(attributes: attributes | cn_bold, pair: pair)
    }
  }

  func look(_ style: Style) -> Look {
    looks[style] ?? Look(attributes: 0, pair: 0)
  }

  private static func appearance(_ role: Role) -> (colour: Int32?, attributes: attr_t) {
    switch role {
    case .plain, .focus: (nil, 0)
    case .heading: (nil, cn_bold)
    case .marked: (COLOR_MAGENTA, cn_bold)
    case .sender: (COLOR_CYAN, 0)
    case .good: (COLOR_GREEN, 0)
    case .warning: (COLOR_YELLOW, 0)
    case .danger: (COLOR_RED, cn_bold)
    case .quiet, .border: (nil, cn_dim)
    case .key: (nil, cn_bold)
    case .input: (nil, cn_underline)
    }
  }
}
