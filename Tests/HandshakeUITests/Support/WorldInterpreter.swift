import HandshakeUI
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Synchronization
import TestSupport
import Text

/// Performs every effect on a world, with the real runner and a journal in memory.
final class WorldInterpreter: EffectInterpreter {
  let world: World
  let journal: Journal
  let trust: TrustList
  private let state = Mutex(Record())

  struct Record {
    var copied: [String] = []
    var exported: [String] = []
    var mismatches = 0
    /// The number of letters drawn for the dialog that was opened last.
    var letters = 0
  }

  init(_ world: World, trust: TrustList) {
    self.world = world
    self.trust = trust
    journal = Journal.testing(clock: world.time)
  }

  var record: Record { state.withLock { $0 } }

  func perform(_ effect: Effect, at uptime: Span) async -> [Message] {
    let behind = uptime.milliseconds - world.time.uptime().milliseconds
    if behind > 0 { world.time.pass(Span(milliseconds: behind)) }
    switch effect {
    case .send(let token, let items, let reason): return await send(token, items, reason)
    case .readJournal(let token):
      return [.journalRead(token, (try? journal.read()).map { .chain($0) } ?? .failed(.broken))]
    // A dialog that opens drops keys typed ahead.
    case .flushInput:
      state.withLock { $0.letters = 0 }
      return []
    case .drawLetters(let token):
      let drawn = state.withLock { record in
        record.letters += 1
        return record.letters
      }
      return [.lettersDrawn(token, drawn == 1 ? "kq" : "wm")]
    case .copy(let token, let text):
      state.withLock { $0.copied.append(text) }
      return [.written(token, .done("OSC 52"))]
    case .export(let token, let path, _):
      state.withLock { $0.exported.append(path) }
      return [.written(token, .done(path))]
    // The browser and the device are the tests' own.
    case .logIn, .giveCode: return []
    case .noteMismatch:
      state.withLock { $0.mismatches += 1 }
      return []
    default:
      let reading = ReadingInterpreter(
        trust: .list(world.content.withLock(\.trust) ?? trust), journal: .failed(.broken),
        reads: ReadService(
          resolver: { [world] in world.owner(of: $0) }, readers: { [world] in world.backend($0) }))
      return await reading.perform(effect, at: uptime)
    }
  }

  private func send(_ token: Token, _ items: [PlanItem], _ reason: Untrusted?) async -> [Message] {
    let told = Mutex<[RunNews]>([])
    let driver = RunDriver(
      backends: { [world] in world.backend($0) }, journal: journal,
      rules: { [world, trust] in
        .rules(SendingRules(trust: world.content.withLock(\.trust) ?? trust))
      }, clock: world.time, sleeper: ManualSleeper(world.time))
    _ = await driver.run(
      items.map { .answer($0) }, settings: RunSettings(place: Stage.place, reason: reason),
      pace: .unlimited
    ) { item in
      told.withLock { $0.append(item) }
    }
    let now = world.time.uptime()
    return told.withLock { $0 }.map { .runTold(token, $0, at: now) }
  }
}
