import Drawing
import HandshakeUI
import Model
import TestSupport
import Text

/// One event in a random script.
///
/// All other choices during it (which replies arrive, and their content) follow from `eventSeed`,
/// so that a script keeps its meaning when parts of it are left out.
struct Event: Hashable, Sendable {
  var what: What
  var eventSeed: UInt64

  enum What: Hashable, Sendable {
    /// Keys in the script notation, so many milliseconds apart: 0 is a paste without brackets.
    case keys(String, apart: Int64)
    case paste(String)
    /// Keys in the script notation, grouped as by a slow link.
    case packets(String)
    /// A byte that is not a key.
    case stray
    /// A bracketed paste without its end; it times out.
    case pasteBegan
    case pasteAbandoned
    case resize(Int, Int)
    /// Time passes, and the shell wakes the interface as it asked.
    case wait(Int64)
    /// The same while the terminal accepts no output.
    case blocked(Int64)
    /// The machine slept; the shell reports it, or only a late tick shows it.
    case sleep(Int64, told: Bool)
    /// A time earlier than the last one.
    case backwards(Int64)
    /// A change by another session.
    case change(Change)
    /// Replies arrive, more than usual.
    case replies
    case lost
  }

  enum Change: Int, CaseIterable, Hashable, Sendable {
    case cancelled, expired, otherOrganization, otherNotes, replaced, arrived, joined, trusted
    case codeAsked, loginInvited
  }
}

extension Event {
  /// A simulated operator: words of several keys, so that it makes progress.
  private static let looking = [
    "j", "k", "jj", "G", "g", "<Down>", "<Up>", "<PgDn>", "<PgUp>", "<End>", "<Home>", "l", "h",
    "1", "2", "3", "4", "5", "zM", "zR", "za", "J", "K", "n", "N", "i", "t", "Y", "p", "L", "e",
    "?", ":", "<F1>", "<C-l>", "<C-d>", "<C-u>", "<Esc>", "<Esc><Esc>", "q", "<C-c>", "<C-z>",
    "<F5>",
    "<Delete>", "<Left>", "<Right>", "<S-Tab>", "<Tab>", "123456<Enter>", "<Backspace>", "s",
  ]
  private static let finding = [
    "/acme<Enter>", "/trust:new<Enter>", "/<C-u><Enter>", "/account:2222<Enter>", "/xx<Esc>",
    "/org:(<Enter>", "oe", "oo", "oa", "oi", "os", "o<Esc>", "r", "R", "<C-r>", "r", "R",
  ]
  private static let planning = [
    "a", "d", "x", "u", "ja", "jd", "jja", "jjja", "Ga", "<Space>", "*", "*a", "*d", "v", "vjja",
    "U",
    "2x", "2Gx", "1",
  ]
  private static let deciding = [
    "C", "$", "y", "n", "decline 1<Enter>", "decline 2<Enter>", "cancel 1<Enter>", "wm<Enter>",
    "decline 1 cancel 1<Enter>", "decline ", "1<Enter>", "wm", "<Enter>", "<Space>",
    "<Tab>CHG-1<Enter>", "<Tab>CHG-1<Tab>", "<Tab>",
    "accept 1 kq<Enter>", "accept 2 kq<Enter>", "accept 3 kq<Enter>", "accept 1 kq", "kq<Enter>",
    "kq", "accept 1 k", "q<Enter>", "o-a1b2c3d4e5<Enter>", "o-zz9y8x7w6v<Enter>",
    "o-q7w8e9r0t1<Enter>", "o-lab0lab1la<Enter>", "a1b2c3d4e5<Enter>", "o-<Enter>", "<Down>",
    "<PgDn>", "<PgDn><PgDn>", "<End>", "<Esc>", "<C-c>",
  ]
  /// Complete paths to a request, which random keys would rarely find.
  private static let ways: [[What]] = [
    [
      .keys("1gjd", apart: 90), .keys("C", apart: 90), .wait(900),
      .keys("decline 1<Enter>", apart: 60),
    ],
    [
      .keys("1gjd", apart: 90), .keys("C", apart: 90), .wait(900), .packets("decline 1<Enter>"),
      .wait(400), .packets("wm<Enter>"),
    ],
    // Almost to one: stray bytes arrive in between, or the program was stopped.
    [
      .keys("1gjd", apart: 90), .keys("C", apart: 90), .wait(900), .keys("decline 1", apart: 60),
      .stray, .wait(400), .keys("<Enter>", apart: 60),
    ],
    [
      .keys("1gjd", apart: 90), .keys("C", apart: 90), .wait(900), .keys("decline ", apart: 60),
      .stray, .wait(400), .keys("1<Enter>", apart: 60),
    ],
    [
      .keys("1gjd", apart: 90), .keys("C", apart: 90), .wait(900), .stray,
      .keys("decline 1<Enter>", apart: 60),
    ],
    [
      .keys("1gjd", apart: 90), .keys("C", apart: 90), .wait(900), .keys("decline 1", apart: 60),
      .pasteBegan, .wait(400), .keys("<Enter>", apart: 60), .pasteAbandoned,
    ],
    [
      .keys("1gjd", apart: 90), .keys("C", apart: 90), .wait(900), .keys("decline 1", apart: 0),
      .keys("<Enter>", apart: 400),
    ],
    [
      .keys("1gjd", apart: 90), .keys("C", apart: 90), .wait(900), .keys("decline 1", apart: 60),
      .sleep(600, told: true), .keys("<Enter>", apart: 60),
    ],
    [
      .keys("1gja", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End><Tab>CHG-1<Enter>accept 1 kq<Enter>", apart: 80), .wait(4_700), .stray,
      .wait(900),
    ],
    [
      .keys("1gja", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End><Tab>CHG-1<Enter>accept 1 kq<Enter>", apart: 80), .wait(2_000), .pasteBegan,
      .wait(4_000),
    ],
    [
      .keys("1gja", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End><Tab>CHG-1<Enter>accept 1 kq<Enter>", apart: 80), .wait(1_000),
      .sleep(1_200, told: false), .wait(5_500),
    ],
    [
      .keys("1gja", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End><Tab>CHG-1<Enter>", apart: 80), .packets("accept 1 kq<Enter>"), .wait(400),
      .packets("wm<Enter>"), .wait(5_500),
    ],
    [
      .keys("1ga", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End><Tab>CHG-1<Enter>o-zz9y8x7w6v<Enter><End>", apart: 80), .wait(300),
      .keys("kq<Enter>", apart: 0), .wait(5_500), .keys("wm<Enter>", apart: 80), .wait(5_500),
    ],
    [
      .keys("1gja", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<Tab>CHG-1<Enter>accept 1 kq<Enter>", apart: 80), .wait(5_500),
    ],
    [
      .keys("1gjajajd", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<PgDn><PgDn><PgDn><Tab>CHG-1<Enter>accept 2 kq<Enter>", apart: 80), .wait(5_500),
    ],
    [
      .keys("1*a", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End><Tab>CHG-1<Enter>accept 3 kq<Enter>", apart: 80), .wait(5_500), .replies,
      .replies, .keys("<End>o-zz9y8x7w6v<Enter>kq<Enter>", apart: 80), .wait(5_500),
    ],
    [
      .keys("1ga", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End><Tab>CHG-1<Enter>o-zz9y8x7w6v<Enter>kq<Enter>", apart: 80), .wait(5_500),
    ],
    [
      .keys("1ga", apart: 90), .keys("C", apart: 90), .wait(700),
      .paste("o-zz9y8x7w6v"),
      .keys("<Enter>CHG-1<Enter><End>kq<Enter>", apart: 80), .wait(5_500),
    ],
    [
      .keys("2gx", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End>cancel 1<Enter>", apart: 90),
    ],
    [
      .keys("1gjd2gx", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End>decline 1 cancel 1<Enter>", apart: 90),
    ],
    // A staged handshake changes before it is reviewed.
    [
      .keys("1gjd", apart: 90), .change(.otherNotes), .change(.otherNotes), .keys("R", apart: 90),
      .replies, .replies, .replies, .keys("C", apart: 90), .wait(900),
      .keys("<End>decline 1<Enter>", apart: 90), .wait(900),
    ],
    // Almost to one: no reason, a stopped grace, an unfinished one, a body that was not read again
    // after hidden text was revealed.
    [
      .keys("1gja", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End>accept 1 kq<Enter>", apart: 80), .wait(5_500),
    ],
    [
      .keys("1gja", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End><Tab>CHG-1<Enter>accept 1 kq<Enter>", apart: 80), .wait(900),
      .keys("j", apart: 90), .wait(5_500),
    ],
    [
      .keys("1gja", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End><Tab>CHG-1<Enter>accept 1 kq<Enter>", apart: 80), .wait(4_700), .wait(200),
    ],
    [
      .keys("1ga", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End><Home><Tab>CHG-1<Enter>o-zz9y8x7w6v<Enter>kq<Enter>", apart: 80), .wait(5_500),
    ],
    [
      .keys("1gja", apart: 90), .keys("C", apart: 90), .wait(700),
      .keys("<End><Tab>CHG-1<Enter>accept 1 kq<Enter>", apart: 80), .blocked(6_000),
    ],
  ]
  private static let pastes = [
    "accept 1 kq", "accept 1 kq\r", "y", "y\ry\r", "decline 1", "decline 1\r", "kq", "kq\r",
    "o-zz9y8x7w6v", "o-a1b2c3d4e5\r",
    "jaC", "CHG-7\u{1B}[31m\u{202E}", "123456\r", "\u{200B}\u{FEFF}",
  ]
  private static let sizes = [
    (80, 24), (120, 40), (60, 16), (200, 50), (40, 10), (59, 16), (81, 17),
  ]

  static func draw(_ random: inout SeededRandom) -> [Event] {
    drawWhat(&random).map { Event(what: $0, eventSeed: random.next()) }
  }

  private static func drawWhat(_ random: inout SeededRandom) -> [What] {
    let apart: Int64 = pick([90, 90, 90, 90, 40, 200, 700, 3, 0], &random)
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<14: return [.keys(pick(looking, &random), apart: apart)]
    case 14..<22: return [.keys(pick(finding, &random), apart: apart)]
    case 22..<36: return [.keys(pick(planning, &random), apart: apart)]
    case 36..<58: return [.keys(pick(deciding, &random), apart: apart)]
    case 58..<66: return pick(ways, &random)
    case 66..<68: return [.paste(pick(pastes, &random))]
    case 68: return [.packets(pick(deciding, &random))]
    case 69: return [pick([.stray, .stray, .stray, .pasteBegan, .pasteAbandoned], &random)]
    case 70..<73:
      let (columns, rows) = pick(sizes, &random)
      return [.resize(columns, rows)]
    case 73: return [.blocked(pick([400, 2_500, 6_000], &random))]
    case 74..<86: return [.wait(pick([50, 250, 400, 1_000, 2_500, 5_100, 6_000, 61_000], &random))]
    case 86..<88:
      return [
        .sleep(
          pick([400, 700, 1_200, 4_000, 11_000, 7_200_000], &random), told: .random(using: &random))
      ]
    case 88: return [.backwards(pick([1, 400, 6_000, 90_000], &random))]
    case 89..<95: return [.change(pick(Change.allCases, &random))]
    case 95..<99: return [.replies]
    default: return random.often(1, of: 8) ? [.lost] : [.replies]
    }
  }

  private static func pick<Element>(_ elements: [Element], _ random: inout SeededRandom) -> Element
  {
    elements[Int.random(in: 0..<elements.count, using: &random)]
  }
}

extension SeededRandom {
  mutating func often(_ times: Int, of all: Int) -> Bool {
    Int.random(in: 0..<all, using: &self) < times
  }
}
