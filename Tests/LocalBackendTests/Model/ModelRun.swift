import Model
import Synchronization
import TestSupport
import Text

@testable import LocalBackend

/// Random bytes that follow from a number only: each step of a script begins with its own.
final class SteppedBytes: RandomSource {
  private let generator = Mutex(SeededRandom(seed: 0))

  func begin(_ number: UInt64) {
    generator.withLock { $0 = SeededRandom(seed: number &* 0x9E37_79B9 &+ 7) }
  }

  func bytes(_ count: Int) -> [UInt8] {
    generator.withLock { generator in
      (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }
  }
}

/// A store and its model side by side.
struct ModelRun {
  private let time: ManualTime
  private let random = SteppedBytes()
  private let store: Store
  private let directory: TemporaryDirectory?
  private(set) var model: ModelService
  private var advanced = Span.zero
  /// Whether the last request was.
  private(set) var wasRefused = false

  /// Creates a store that holds what the model `world` holds.
  ///
  /// The store is created at `path` and stays there; without a path it is in a temporary directory.
  ///
  /// - Throws: `TemporaryDirectory.Failure`; `StoreError` if the store cannot be created; SQLite's
  ///   error if its synchronous mode cannot be set.
  init(_ world: ModelService, seed: UInt64, at path: String? = nil) throws {
    let (time, random) = (ManualTime(world.now), random)
    let directory = path == nil ? try TemporaryDirectory() : nil
    (self.time, self.directory) = (time, directory)
    model = world
    store = try Store.create(
      at: path ?? (directory?.path ?? "") + "/store",
      options: Store.Options(reading: world.reading, seed: seed), time: time, random: random
    ) { try world.plant(in: $0) }
    // What a loss of power does is looked at elsewhere; here the disk would be most of the work.
    try store.writer.use { try $0.script("PRAGMA synchronous = OFF") }
  }

  /// The wall clock's time.
  var now: Timestamp { time.now() }

  /// The two results of one step, when they differ.
  struct Difference: Equatable {
    var step: Step
    var store: Said
    var model: Said
  }

  /// Carries out a step in both; returns the two results if they differ.
  ///
  /// A millisecond passes before each step.
  ///
  /// - Throws: `FixtureError` if the caller is not an account id, and the error of a store that
  ///   cannot advance its clock.
  mutating func take(_ step: Step) async throws -> Difference? {
    time.pass(Span(milliseconds: 1))
    switch step.request {
    case .wait(let span): time.pass(span)
    case .advance(let span):
      try await store.advance(span)
      advanced = advanced + span
    default: break
    }
    model.passTime(to: time.now() + advanced)
    random.begin(step.number)
    var asked = StoreSide(backend: try backend(step.caller), now: model.now)
    let stores = await asked.said(to: step.request)
    let models = model.said(to: step, asked.made)
    if case .refused = stores { wasRefused = true } else { wasRefused = false }
    return stores == models ? nil : Difference(step: step, store: stores, model: models)
  }

  private func backend(_ account: String) throws -> LocalBackend {
    LocalBackend(store: store, account: try Fixture.account(account), user: "tester")
  }

  mutating func takeAll() async throws -> Difference? {
    for step in model.lastLooks {
      if let difference = try await take(step) { return difference }
    }
    return nil
  }

  /// The file's own checks.
  func isSound() async throws -> Bool { try await store.quickCheck().isEmpty }
}

extension ModelService {
  /// Everything that any account can see, at the end.
  var lastLooks: [Step] {
    accounts.keys.sorted().flatMap { account in
      [
        Request.list(Query(.received), limit: 3), .list(Query(.sent), limit: nil), .identity,
        .members, .transfers(.inbound), .transfers(.outbound),
      ].map { Step(number: 0, caller: account, request: $0) }
    }
  }
}

/// One request to the store, and the ids it assigned.
struct StoreSide {
  let backend: LocalBackend
  let now: Timestamp
  /// Whether the members asked to consent are looked up, which takes a separate request.
  var looksUpChildren = true
  private(set) var made = ModelService.NewIDs()

  init(backend: LocalBackend, now: Timestamp) {
    (self.backend, self.now) = (backend, now)
  }

  mutating func said(to request: Request) async -> Said {
    do {
      return try await asked(request)
    } catch let error as BackendError {
      guard let exception = error.exception, error.applied == .refused, error.time == now else {
        return .broken("\(error)")
      }
      return .refused(ModelService.Refused(exception, error.reason))
    } catch { return .broken("\(error)") }
  }

  private mutating func asked(_ request: Request) async throws -> Said {
    switch request {
    case .identity: return .organization(try timely(await backend.identity()).organization)
    case .members: return .members(try timely(await backend.accounts()).members.map(\.account))
    case .list(let query, let limit): return .handshakes(try await all(query, limit))
    case .describe(let id): return told(try await backend.handshake(Untrusted(id)))
    case .answer(let answer, let id): return told(try await backend.send(answer, Untrusted(id)))
    case .invite(let invitation): return noted(try await backend.invite(invitation))
    case .enableAllFeatures:
      let said = noted(try await backend.enableAllFeatures())
      if looksUpChildren { made.children = try await children(of: made.handshake) }
      return said
    case .leave: _ = try await backend.leaveOrganization()
    case .remove(let account): _ = try await backend.remove(Untrusted(account))
    case .wait, .advance: break
    default: return try await askedMore(request)
    }
    return .done
  }

  private mutating func askedMore(_ request: Request) async throws -> Said {
    switch request {
    case .found(let features):
      let organization = try timely(await backend.createOrganization(features))
      made.organization = organization.id.text
      return .organization(organization)
    case .createAccount(let address):
      let wish = AccountRequest(email: Untrusted(address), name: Untrusted("new"))
      let taken = try timely(await backend.createAccount(wish))
      let outcome = try timely(await backend.accountCreation(taken.id))
      made.account = outcome.account?.text ?? ""
      return .created(outcome.account, outcome.failure)
    case .askToPay(let wish): return noted(try await backend.inviteToTransferBilling(wish))
    case .transfers(let direction):
      return .transfers(try timely(await backend.transfers(TransferQuery(direction))).transfers)
    case .transfer(let id): return .transfer(try timely(await backend.transfer(Untrusted(id))))
    case .rename(let id, let name):
      return .transfer(try timely(await backend.renameTransfer(Untrusted(id), to: name)))
    case .terminate(let id, let end):
      return .transfer(try timely(await backend.terminateTransfer(Untrusted(id), end: end)))
    default: return .done
    }
  }

  /// The service's time is the model's.
  private func timely<Value>(_ reply: Reply<Value>) throws -> Value {
    guard reply.time == now else { throw FixtureError(text: "the time is \(reply.time)") }
    return reply.value
  }

  private func told(_ reply: Reply<Handshake>) -> Said {
    reply.time == now ? .handshake(reply.value.inOrder) : .broken("the time is \(reply.time)")
  }

  private mutating func noted(_ reply: Reply<Handshake>) -> Said {
    made.handshake = reply.value.id?.text ?? ""
    made.transfer = reply.value.resource(.responsibilityTransfer)?.value?.asciiText ?? ""
    return told(reply)
  }

  /// The consents that enabling all features has requested, by account.
  func children(of parent: String) async throws -> [String: String] {
    guard let parent = HandshakeID(parent) else { return [:] }
    var found: [String: String] = [:]
    for child in try await all(Query(.sent, filter: .parent(parent)), nil) {
      if let account = child.recipientAccount { found[account.text] = child.id?.text }
    }
    return found
  }

  private func all(_ query: Query, _ limit: Int?) async throws -> [Handshake] {
    var found: [Handshake] = []
    var page = PageRequest(limit: limit)
    repeat {
      let reply = try timely(await backend.handshakes(query, page))
      found += reply.handshakes.map(\.inOrder)
      page.token = reply.next
    } while page.token != nil
    return found
  }
}

extension Handshake {
  /// The organization first among the parties, whose order means nothing.
  var inOrder: Handshake {
    var copy = self
    copy.parties = parties.filter { $0.type == .organization }
    copy.parties += parties.filter { $0.type != .organization }
    return copy
  }
}

/// A value's leaves, each with its path, which a person can compare line by line.
func leaves(of value: Any, at path: String = "") -> [(path: String, leaf: String)] {
  if let text = value as? Untrusted {
    return [(path, String(decoding: text.bytes, as: UTF8.self).debugDescription)]
  }
  if let instant = value as? Timestamp { return [(path, instant.journalText)] }
  let mirror = Mirror(reflecting: value)
  if mirror.displayStyle == .optional {
    return mirror.children.first.map { leaves(of: $0.value, at: path) } ?? [(path, "nil")]
  }
  if mirror.displayStyle == .enum, mirror.children.isEmpty || value is any WireName {
    return [(path, "\(value)")]
  }
  if mirror.children.isEmpty { return [(path, "\(value)")] }
  return mirror.children.enumerated().flatMap { index, child in
    leaves(of: child.value, at: path + "." + (child.label ?? "\(index)"))
  }
}

func readable(_ value: Any) -> String {
  leaves(of: value).map { "\($0.path)=\($0.leaf)" }.joined(separator: " ")
}

/// The leaves that only one of two values has.
func differing(_ left: Any, _ right: Any) -> (left: [String], right: [String]) {
  let (left, right) = (lines(left), lines(right))
  return (left.filter { !right.contains($0) }, right.filter { !left.contains($0) })
}

private func lines(_ value: Any) -> [String] { leaves(of: value).map { "\($0.path) = \($0.leaf)" } }
