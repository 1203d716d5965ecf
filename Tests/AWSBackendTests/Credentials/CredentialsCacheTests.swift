import Model
import Signing
import Synchronization
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite struct CredentialsCacheTests {
  private let time = ManualTime()
  private let random = SeededBytes()

  private func scene(
    life: Span = .hours(1), asksPerson: Bool = false
  ) -> (CredentialsCache, MintingSource) {
    let source = MintingSource(time, life: life, asksPerson: asksPerson)
    return (CredentialsCache(source, time: time, random: random), source)
  }

  @Test("asks its source once for all concurrent waiters")
  func singleFlight() async throws {
    let (cache, source) = scene()
    source.hold()
    let asked = (0..<20).map { _ in Task { try await cache.credentials().keys.id } }
    #expect(await eventually { source.loads == 1 })
    source.release()
    for task in asked { #expect(try await task.value == "AKIA1") }
    #expect(source.loads == 1)
  }

  @Test("returns the old credentials while it refreshes in the last five minutes")
  func advisory() async throws {
    let (cache, source) = scene()
    #expect(try await cache.credentials().keys.id == "AKIA1")
    time.pass(.minutes(54))
    #expect(try await cache.credentials().keys.id == "AKIA1")
    #expect(source.loads == 1)
    time.pass(.minutes(2))
    source.hold()
    #expect(try await cache.credentials().keys.id == "AKIA1")
    #expect(await eventually { source.loads == 2 })
    #expect(try await cache.credentials().keys.id == "AKIA1")
    source.release()
    #expect(await eventually { try await cache.credentials().keys.id == "AKIA2" })
    #expect(source.loads == 2)
  }

  @Test("waits for new credentials in the last minute")
  func mandatory() async throws {
    let (cache, source) = scene()
    _ = try await cache.credentials()
    time.pass(.minutes(59))
    #expect(try await cache.credentials().keys.id == "AKIA2")
    #expect(source.loads == 2)
  }

  @Test("uses a third of a short lifetime in place of five minutes")
  func shortLife() async throws {
    let (cache, source) = scene(life: .minutes(9))
    _ = try await cache.credentials()
    time.pass(.minutes(5))
    _ = try await cache.credentials()
    #expect(source.loads == 1)
    time.pass(Span(milliseconds: 61_000))
    #expect(try await cache.credentials().keys.id == "AKIA1")
    #expect(await eventually { try await cache.credentials().keys.id == "AKIA2" })
  }

  @Test("keeps valid credentials when a refresh fails, and retries 30 to 60 seconds later")
  func failedAdvisory() async throws {
    let (cache, source) = scene()
    _ = try await cache.credentials()
    time.pass(.minutes(56))
    source.fail(1)
    #expect(try await cache.credentials().keys.id == "AKIA1")
    #expect(await eventually { source.failuresLeft == 0 })
    time.pass(.seconds(29))
    for _ in 0..<50 {
      #expect(try await cache.credentials().keys.id == "AKIA1")
      await Task.yield()
    }
    #expect(source.loads == 2)
    time.pass(.seconds(32))
    #expect(await eventually { try await cache.credentials().keys.id == "AKIA3" })
  }

  @Test("throws a failure to the present callers only")
  func failedMandatory() async throws {
    let (cache, source) = scene()
    source.fail(1)
    await #expect(throws: MintingSource.fault) { try await cache.credentials() }
    #expect(try await cache.credentials().keys.id == "AKIA2")
    time.pass(.hours(2))
    source.fail(2)
    await #expect(throws: MintingSource.fault) { try await cache.credentials() }
    await #expect(throws: MintingSource.fault) { try await cache.credentials() }
    #expect(try await cache.credentials().keys.id == "AKIA5")
  }

  @Test("replaces credentials only when the service says that they have expired")
  func drop() async throws {
    let (cache, source) = scene()
    let first = try await cache.credentials()
    await cache.drop(first)
    let second = try await cache.credentials()
    #expect(second.keys.id == "AKIA2")
    await cache.drop(first)
    #expect(try await cache.credentials() == second)
    #expect(source.loads == 2)
  }

  @Test("asks a person only when the credentials have expired")
  func person() async throws {
    let (cache, source) = scene(asksPerson: true)
    _ = try await cache.credentials()
    time.pass(.minutes(57))
    for _ in 0..<50 {
      #expect(try await cache.credentials().keys.id == "AKIA1")
      await Task.yield()
    }
    #expect(source.loads == 1)
    time.pass(.minutes(2))
    #expect(try await cache.credentials().keys.id == "AKIA2")
  }

  @Test("returns at once for a cancelled task, and ends a refresh that no task waits for")
  func cancelled() async throws {
    let (cache, source) = scene()
    source.hold()
    let first = Task { try await cache.credentials() }
    let second = Task { try await cache.credentials() }
    #expect(await eventually { source.loads == 1 })
    first.cancel()
    await #expect(throws: CredentialsFault.cancelled) { try await first.value }
    #expect(!source.wasCancelled)
    second.cancel()
    await #expect(throws: CredentialsFault.cancelled) { try await second.value }
    #expect(await eventually { source.wasCancelled })
    source.release()
    #expect(await eventually { try await cache.credentials().keys.id.hasPrefix("AKIA") })
  }

  @Test("compares expiries with the service's clock")
  func skew() async throws {
    let (cache, source) = scene()
    _ = try await cache.credentials()
    time.pass(.minutes(30))
    await cache.adjust(skew: .minutes(40))
    #expect(try await cache.credentials().keys.id == "AKIA2")
    #expect(source.loads == 2)
  }

  /// Returns whether the condition became true while other tasks ran.
  private func eventually(_ condition: () async throws -> Bool) async -> Bool {
    for _ in 0..<200_000 {
      if (try? await condition()) == true { return true }
      await Task.yield()
    }
    return false
  }
}

/// Makes new credentials at each load, when it is told to and not held.
final class MintingSource: CredentialsSource {
  static let fault = CredentialsFault(.unreachable, from: .sso, detail: Untrusted("no network"))

  private struct State {
    var loads = 0
    var failures = 0
    var isHeld = false
    var wasCancelled = false
  }

  let asksPerson: Bool
  private let time: ManualTime
  private let life: Span
  private let state = Mutex(State())

  init(_ time: ManualTime, life: Span, asksPerson: Bool) {
    self.time = time
    self.life = life
    self.asksPerson = asksPerson
  }

  var loads: Int { state.withLock { $0.loads } }
  var failuresLeft: Int { state.withLock { $0.failures } }
  var wasCancelled: Bool { state.withLock { $0.wasCancelled } }
  func hold() { state.withLock { $0.isHeld = true } }
  func release() { state.withLock { $0.isHeld = false } }
  func fail(_ count: Int) { state.withLock { $0.failures = count } }

  func load() async throws(CredentialsFault) -> Credentials {
    let number = state.withLock { state in
      state.loads += 1
      return state.loads
    }
    while state.withLock({ $0.isHeld }), !Task.isCancelled { await Task.yield() }
    let isFailing = state.withLock { state in
      if Task.isCancelled { state.wasCancelled = true }
      guard state.failures > 0 else { return false }
      state.failures -= 1
      return true
    }
    if isFailing || Task.isCancelled { throw Self.fault }
    return Credentials(
      AccessKeys(id: "AKIA\(number)", secret: Secret("secret\(number)")),
      expires: time.now() + life, source: .sso)
  }
}
