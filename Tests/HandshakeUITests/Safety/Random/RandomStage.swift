import Drawing
import Model
import ReviewInbox
import ReviewJournal
import TestSupport
import Text

@testable import HandshakeUI

/// The interface with a clock, replies at random times, and an oracle.
struct RandomStage: Sendable {
  private(set) var state: Interface
  private(set) var oracle: SafetyOracle
  private var world: RandomWorld
  /// Requested and not yet answered.
  private var open: [Effect] = []
  /// The reports of a run that are still to be delivered, in order.
  private var news: [Message] = []
  /// The true time.
  ///
  /// The interface may be given an older one.
  private var uptime: Span
  private var asks = 0

  /// Everything is read.
  init(_ launch: Launch, _ world: World, trust: TrustList) {
    self.world = RandomWorld(world, trust: trust)
    state = Interface(launch)
    uptime = launch.uptime
    oracle = SafetyOracle(launch)
    var random = SeededRandom(seed: 1)
    tell(.started, &random)
    // Failed replies are not requested again; the failing ones are part of the beginning.
    while !open.isEmpty { answer(0, &random) }
  }

  /// The promise that was broken during it; nil for none.
  mutating func take(_ event: Event) -> String? {
    var random = SeededRandom(seed: event.eventSeed)
    switch event.what {
    case .keys(let text, let apart):
      for key in Keyboard.keys(text) {
        pass(Span(milliseconds: apart), &random)
        tell(.key(key, at: uptime), &random)
        somethingComes(&random, often: 4)
      }
    case .paste(let text):
      pass(Span(milliseconds: 80), &random)
      tell(.pasted(Untrusted(text), at: uptime), &random)
    case .packets(let text):
      // As a slow link delivers: some at once, then some later.
      var left = 0
      for key in Keyboard.keys(text) {
        if left == 0 {
          pass(Span(milliseconds: Int64.random(in: 31...900, using: &random)), &random)
          left = Int.random(in: 1...9, using: &random)
        }
        left -= 1
        tell(.key(key, at: uptime), &random)
      }
    case .stray: tell(.stray(at: uptime), &random)
    case .pasteBegan: tell(.pasteBegan(at: uptime), &random)
    case .pasteAbandoned: tell(.pasteAbandoned(at: uptime), &random)
    case .resize(let columns, let rows):
      tell(.resized(Size(columns: columns, rows: rows)), &random)
    case .wait(let milliseconds): pass(Span(milliseconds: milliseconds), &random)
    case .blocked(let milliseconds):
      pass(Span(milliseconds: milliseconds), isSeen: false, &random)
    case .sleep(let milliseconds, let told):
      uptime = uptime + Span(milliseconds: milliseconds)
      tell(told ? .resumed(at: uptime) : .ticked(at: uptime), &random)
    case .backwards(let milliseconds):
      tell(.ticked(at: uptime - Span(milliseconds: milliseconds)), &random)
    case .change(let change): self.change(change, &random)
    case .replies: for _ in 0..<8 { somethingComes(&random, often: 8) }
    case .lost: tell(.terminalLost, &random)
    }
    somethingComes(&random, often: 6)
    return oracle.broken
  }

  /// Lets time pass, and wakes the interface when it asked for it, or a little later.
  private mutating func pass(_ span: Span, isSeen: Bool = true, _ random: inout SeededRandom) {
    let end = uptime + span
    while let tick = state.nextTick, tick <= end, tick > uptime {
      uptime = min(end, tick + Span(milliseconds: Int64.random(in: 0...30, using: &random)))
      tell(.ticked(at: uptime, isSeen: isSeen), &random)
    }
    uptime = end
    // It was not requested.
    if random.often(1, of: 4) { tell(.ticked(at: uptime, isSeen: isSeen), &random) }
  }

  /// Delivers a report and answers an open request, each with probability `often`/8.
  private mutating func somethingComes(_ random: inout SeededRandom, often: Int) {
    if !news.isEmpty, random.often(often, of: 8) { tell(news.removeFirst().at(uptime), &random) }
    guard !open.isEmpty, random.often(often, of: 8) else { return }
    // Mostly in order, but not always.
    let index = random.often(3, of: 4) ? 0 : Int.random(in: 0..<open.count, using: &random)
    answer(index, &random)
  }

  private mutating func answer(_ index: Int, _ random: inout SeededRandom) {
    let effect = open.remove(at: index)
    if let reply = world.reply(to: effect, at: uptime, &random) { tell(reply, &random) }
  }

  private mutating func change(_ change: Event.Change, _ random: inout SeededRandom) {
    switch change {
    case .codeAsked:
      asks += 1
      let request = CodeRequest(
        number: asks, device: Untrusted("arn:aws:iam::1:mfa/\u{202E}x"),
        profile: Untrusted("legacy-old"))
      tell(.codeAsked(request, at: uptime), &random)
    case .loginInvited:
      let login = BrowserLogin(
        profile: Untrusted("legacy-old"), url: Untrusted("https://example.com/\u{7}"),
        code: Untrusted("ABCD"), validFor: .minutes(10))
      tell(.loginInvited(login, at: uptime), &random)
    default:
      do { try world.change(change, &random) } catch { oracle.broken = "\(error)" }
    }
  }

  // MARK: The interface

  private mutating func tell(_ message: Message, _ random: inout SeededRandom) {
    guard oracle.broken == nil, !state.isOver else { return }
    let before = state
    let effects = update(&state, message)
    oracle.see(before, message, effects, state, at: uptime, eventSeed: random.next())
    for effect in effects {
      switch effect {
      case .send(let token, let items, _):
        news = world.run(items, &random).map { .runTold(token, $0, at: uptime) }
      case .stopSending: break
      // The letters arrive at once: they are drawn on this machine.
      case .drawLetters(let token):
        // Those after a burst are others, and the same in each run.
        let isFirst = !oracle.isTyping
        let drawn =
          isFirst ? world.reply(to: effect, at: uptime, &random) : .lettersDrawn(token, "wm")
        drawn.map { tell($0, &random) }
      default: open.append(effect)
      }
    }
  }
}

extension Message {
  /// A report has the time at which it arrives.
  fileprivate func at(_ uptime: Span) -> Message {
    if case .runTold(let token, let news, _) = self {
      .runTold(token, news, at: uptime)
    } else {
      self
    }
  }
}

/// The script notation, parsed once for each text.
enum Keyboard {
  static func keys(_ text: String) -> [Key] {
    guard let script = try? KeyScript(text) else { return [] }
    return script.steps.compactMap { if case .key(let key) = $0 { key } else { nil } }
  }
}
