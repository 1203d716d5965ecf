import Model
import Signing
import Synchronization
import TestSupport
import Text

@testable import AWSBackend

/// One profile of a test's account, and the servers that the test plays.
struct ConnectionScene: Sendable {
  static let account = "222233334444"

  let time = ManualTime()
  let keys: ScriptedKeys
  let service: ScriptedService
  let connection: AWSConnection
  private let notes: Notes

  /// Creates a connection to servers that the test plays.
  ///
  /// `answer` gives the reply to the n-th request other than GetCallerIdentity, counted from 1;
  /// `caller` gives the reply to GetCallerIdentity.
  ///
  /// - Throws: `SettingsFault` if the settings are invalid or give no valid endpoint.
  init(
    keys: ScriptedKeys = ScriptedKeys("AKIA1", "AKIA2"), expecting account: AccountID? = nil,
    trip: Span = .zero, settings: SettingsWorld = SettingsWorld(),
    caller: @escaping @Sendable (ScriptedService.Sent) -> ScriptedService.Fate = { _ in
      .caller(Self.account)
    },
    _ answer: @escaping @Sendable (_ number: Int, ScriptedService.Sent) -> ScriptedService.Fate
  ) throws {
    self.keys = keys
    let shelf = CountShelf()
    service = ScriptedService(time, trip: trip) { _, sent in
      sent.operation == .getCallerIdentity ? caller(sent) : answer(shelf.next(), sent)
    }
    var world = settings.world
    world.transport = service
    world.time = time
    world.sleeper = ManualSleeper(time)
    let notes = Notes()
    self.notes = notes
    connection = try AWSConnection(
      try settings.settings(), world: world, credentials: keys,
      shared: AWSShared(
        version: "1.0", time: time, sleeper: world.sleeper, log: CallLog { notes.add($0) }),
      account: account)
  }

  var backend: AWSBackend { connection.backend }
  var events: [CallEvent] { notes.all }

  /// The requests sent to Organizations.
  var sent: [ScriptedService.Sent] {
    service.sent.filter { $0.operation != .getCallerIdentity }
  }
}

/// A counter shared by the copies of a closure.
private final class CountShelf: Sendable {
  private let number = Mutex(0)

  func next() -> Int {
    number.withLock { number in
      number += 1
      return number
    }
  }
}

private final class Notes: Sendable {
  private let events = Mutex<[CallEvent]>([])

  func add(_ event: CallEvent) { events.withLock { $0.append(event) } }
  var all: [CallEvent] { events.withLock { $0 } }
}

/// Returns the error of a call that must fail; nil if it succeeds.
func failure<Value>(
  _ call: () async throws(BackendError) -> Value
) async -> BackendError? {
  do throws(BackendError) {
    _ = try await call()
    return nil
  } catch {
    return error
  }
}
