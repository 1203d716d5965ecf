/// A renderer of untrusted bytes as printable UTF-8, one piece at a time, in one pass.
struct Renderer {
  /// The output for one piece; marks belong to the token of their base.
  struct Token {
    enum Kind {
      /// Letters, and all signs outside ASCII.
      case text
      /// An ASCII digit or sign, which takes its direction from its neighbours.
      case neutral
      case rightToLeft
      case space
      case oddSpace
      case tab
      case lineBreak
      case escape
    }
    var kind: Kind
    /// The offset in `out` at which its bytes end.
    var end: Int
    var columns: Int
    /// The number of input pieces in it.
    var pieces = 1
  }

  private enum Base {
    case none
    case letter
    case hangul
  }

  let rules: Rules
  let charset: Charset
  private(set) var scanner: UTF8Scanner
  private(set) var out: [UInt8] = []
  private(set) var tokens: [Token] = []
  private(set) var columns = 0
  /// The number of characters that would have been invisible.
  ///
  /// Those are controls, format characters, odd spaces, and bytes that are not text.
  private(set) var hidden = 0
  private let recordsTokens: Bool
  private var base = Base.none
  private var marks = 0
  private var excess = 0

  init(_ text: Untrusted, _ rules: Rules, in charset: Charset, recordsTokens: Bool = false) {
    self.rules = rules
    self.charset = charset
    self.recordsTokens = recordsTokens
    scanner = UTF8Scanner(text.bytes, limit: rules.limit)
    out.reserveCapacity(min(scanner.end, Rules.shown) + 16)
  }

  /// The number of scalars beyond the limit.
  var omitted: Int { UTF8Scanner.scalars(in: scanner.bytes, from: scanner.end) }

  /// The number of scalars not rendered so far, those beyond the limit included.
  var unread: Int { UTF8Scanner.scalars(in: scanner.bytes, from: scanner.position) }

  var text: String { String(decoding: out, as: UTF8.self) }

  mutating func runToEnd() {
    while step() {}
  }

  /// Renders the next piece; returns false at the end.
  mutating func step() -> Bool {
    guard let piece = scanner.next() else {
      endMarks()
      return false
    }
    switch piece {
    case .scalar(let value):
      show(value)
    case .surrogate(let value):
      endMarks()
      escape(value, countsAsHidden: true)
    case .malformed(let byte):
      endMarks()
      hidden += 1
      finish(.escape, columns: Escape.append(byte, in: charset, to: &out))
    }
    return true
  }

  private mutating func show(_ value: UInt32) {
    if value < 0x7F {
      endMarks()
      showASCII(value)
      return
    }
    let found = ScalarTable.classOf(value)
    if found == .mark || found == .spacingMark || (found == .jamo && base == .hangul) {
      showMark(value, found)
      return
    }
    endMarks()
    switch found {
    case .narrow, .wide:
      if charset == .ascii || isSign(value) {
        escape(value)
      } else {
        UTF8Encoding.append(value, to: &out)
        finish(.text, columns: found == .wide ? 2 : 1)
        base = ScalarTable.isHangul(value) ? .hangul : .letter
      }
    case .rightToLeft where rules.showsRightToLeft && charset == .utf8:
      UTF8Encoding.append(value, to: &out)
      finish(.rightToLeft, columns: 1)
      base = .letter
    case .space where rules.laysOut && charset == .utf8:
      hidden += 1
      let width = ScalarTable.columns(of: value)
      for _ in 0..<width { out.append(0x20) }
      finish(.oddSpace, columns: width)
    case .space, .hidden:
      escape(value, countsAsHidden: true)
    case .rightToLeft, .unshown, .jamo, .mark, .spacingMark:
      escape(value)
    }
  }

  private mutating func showASCII(_ value: UInt32) {
    switch value {
    case 0x20:
      out.append(0x20)
      finish(.space, columns: 1)
      base = .letter
    case 0x0A where rules.lineFeed == .sign && charset == .utf8:
      out.append(contentsOf: Escape.lineFeed)
      finish(.escape, columns: 1)
    case 0x0A where rules.lineFeed == .layout:
      finish(.lineBreak, columns: 0)
    case 0x09 where rules.laysOut:
      finish(.tab, columns: 0)
    case 0x09, 0x0A:
      escape(value)
    case 0..<0x20:
      escape(value, countsAsHidden: true)
    case 0x3C where charset == .ascii:
      escape(value)
    default:
      let isLetter = (0x41...0x5A).contains(value & ~0x20)
      out.append(UInt8(truncatingIfNeeded: value))
      finish(isLetter ? .text : .neutral, columns: 1)
      base = .letter
    }
  }

  /// Returns whether a scalar is one of our signs, or `…` before what could make it read as a cut.
  private func isSign(_ value: UInt32) -> Bool {
    switch value {
    case 0x2039, 0x203A, 0x23CE: return true
    case 0x2026:
      var ahead = scanner
      guard case .scalar(let next) = ahead.next() else { return false }
      let found = ScalarTable.classOf(next)
      return next == 0x28 || found == .mark || found == .spacingMark
    default: return false
    }
  }
}

extension Renderer {
  private mutating func showMark(_ value: UInt32, _ found: ScalarClass) {
    if excess > 0 {
      excess += 1
    } else if charset == .utf8, base != .none, marks < Rules.marksOnBase {
      appendMark(value, columns: found == .spacingMark ? 1 : 0)
    } else if !rules.abbreviatesMarks {
      escape(value)
    } else if charset == .utf8, base == .none {
      out.append(contentsOf: Escape.dottedCircle.utf8)
      finish(.text, columns: 1)
      appendMark(value, columns: found == .spacingMark ? 1 : 0)
      base = .letter
    } else if marks < Rules.marksOnBase {
      let before = marks
      escape(value)
      marks = before + 1
    } else {
      excess = 1
    }
  }

  /// Ends a run of marks, and writes how many of them were left out.
  private mutating func endMarks() {
    guard excess > 0 else { return }
    let count = excess
    finish(.escape, columns: Escape.append(marks: count, in: charset, to: &out))
    if recordsTokens { tokens[tokens.count - 1].pieces = count }
  }

  private mutating func escape(_ value: UInt32, countsAsHidden: Bool = false) {
    if countsAsHidden { hidden += 1 }
    finish(.escape, columns: Escape.append(value, in: charset, to: &out))
  }

  /// Ends a token whose bytes have just been written.
  private mutating func finish(_ kind: Token.Kind, columns width: Int) {
    columns += width
    base = .none
    marks = 0
    excess = 0
    if recordsTokens { tokens.append(Token(kind: kind, end: out.count, columns: width)) }
  }

  private mutating func appendMark(_ value: UInt32, columns width: Int) {
    UTF8Encoding.append(value, to: &out)
    columns += width
    marks += 1
    if recordsTokens {
      tokens[tokens.count - 1].end = out.count
      tokens[tokens.count - 1].columns += width
      tokens[tokens.count - 1].pieces += 1
    }
  }
}
