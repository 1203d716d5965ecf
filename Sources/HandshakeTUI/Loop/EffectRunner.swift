import Dispatch
import Glibc
import HandshakeUI
import Model
import Platform
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Synchronization
import Text

/// The interpreter of effects, which runs them in tasks and posts their results.
///
/// The loop starts effects and never waits for them.
final class EffectRunner: Sendable {
  private let services: ScreenServices
  private let reads: ReadService
  private let dialogue: ScreenDialogue
  private let post: @Sendable (Message) -> Void
  private let work = Mutex(Work())
  private let gate: ReadLimiter?

  private struct Work {
    var tasks: [Token: Task<Void, Never>] = [:]
    var stops: [Token: StopFlag] = [:]
    /// The last of the tasks on our own files, which run in the order of their requests.
    var files: Task<Void, Never>?
    var pace: Pace?
    var sentAnswers: [SentAnswer] = []
  }

  /// Creates the runner; `loop` receives the requests for the terminal, `post` the results.
  init(
    _ services: ScreenServices, loop: @escaping @Sendable (LoopPost) -> Void = { _ in },
    post: @escaping @Sendable (Message) -> Void
  ) {
    self.services = services
    self.post = post
    reads = ReadService(resolver: services.resolve, readers: services.reader)
    gate = services.readsAtOnce.map { ReadLimiter($0) }
    dialogue = ScreenDialogue(time: services.time, loop: loop, post: post)
    services.takeDialogue(dialogue)
  }

  /// The answers that were sent through this runner, in the order of sending.
  var sentAnswers: [SentAnswer] { work.withLock(\.sentAnswers) }

  /// Starts an effect; those on the terminal are carried out by the loop and ignored here.
  func start(_ effect: Effect) {
    switch effect {
    case .readIdentity(let token, _): read(effect, token, isUrgent: false)
    case .readPage(let token, _, _, _), .readHandshake(let token, _, _): read(effect, token)
    case .resolveProfile(let token, _):
      run(token) { [reads, services] in
        await reads.perform(effect) { services.time.uptime() }
      }
    case .logIn(let token, let name):
      run(token) { [services, dialogue] in
        let result = await dialogue.attend(name) { await services.logIn(name) }
        return .loginEnded(token, result, at: services.time.uptime())
      }
    case .giveCode(let number, let code): dialogue.answer(number, code)
    case .readTrust(let token):
      run(token) { [services] in .trustRead(token, services.readTrust()) }
    case .readJournal(let token):
      run(token) { [services] in .journalRead(token, services.readJournal()) }
    case .drawLetters(let token):
      post(.lettersDrawn(token, ConfirmationLetters.draw(from: services.random)))
    case .abandon(let token): work.withLock { $0.tasks.removeValue(forKey: token) }?.cancel()
    case .send(let token, let items, let reason): send(items, reason, token)
    case .stopSending(let token, let stop): work.withLock { $0.stops[token] }?.raise(stop)
    case .reconcile(let token): reconcile(token)
    case .noteMismatch(let id, let account, let typed):
      onFiles { $0.noteMismatch(id, account, typed) }
    case .keepPlan(let kept): onFiles { $0.drafts?.keep(kept, for: $0.place) }
    case .export(let token, let path, let bytes):
      onFiles { [post] _ in post(.written(token, ExportFile.write(bytes, to: path))) }
    case .flushInput, .copy, .redraw, .suspend, .quit: break
    }
  }

  /// Stops all work: reads at once, a run after the request in flight.
  ///
  /// It waits for at most `limit`; a request that takes longer has its INTENT in the journal.
  func finish(within limit: Span) {
    // The screens can no longer ask the operator anything.
    services.takeDialogue(NoDialogue())
    let (tasks, stops, files) = work.withLock { ($0.tasks, $0.stops, $0.files) }
    for stop in stops.values { stop.raise(.now) }
    for (token, task) in tasks where stops[token] == nil { task.cancel() }
    let waiting = Array(tasks.values) + [files].compactMap(\.self)
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      for task in waiting { await task.value }
      done.signal()
    }
    _ = done.wait(timeout: .now() + .milliseconds(Int(limit.milliseconds)))
  }
}

// MARK: - Reading

extension EffectRunner {
  /// Carries out an effect that reads the service; identities let other reads go first.
  private func read(_ effect: Effect, _ token: Token, isUrgent: Bool = true) {
    run(token) { [reads, gate, services] in
      await gate?.enter(isUrgent: isUrgent)
      defer { gate?.leave() }
      return await reads.perform(effect) { services.time.uptime() }
    }
  }

  private func reconcile(_ token: Token) {
    let reconciler = Reconciler(
      readers: services.reader, journal: services.journal, sleeper: TaskSleeper(),
      place: services.place)
    run(token) {
      do throws(JournalFault) {
        let findings = try await reconciler.reconcile()
        return findings.isEmpty ? nil : .reconciled(token, findings)
      } catch {
        // A journal that cannot be read is reported where it is shown, and before anything is sent.
        return nil
      }
    }
  }

  private func run(_ token: Token, _ body: @escaping @Sendable () async -> Message?) {
    work.withLock { work in
      work.tasks[token] = Task.detached { [self] in
        let message = await body()
        self.work.withLock { $0.tasks[token] = nil }
        if let message { post(message) }
      }
    }
  }
}

// MARK: - Sending and writing

extension EffectRunner {
  private func send(_ items: [PlanItem], _ reason: Untrusted?, _ token: Token) {
    let stop = StopFlag()
    work.withLock { $0.stops[token] = stop }
    run(token) { [self] in
      let driver = RunDriver(
        backends: services.backend, journal: services.journal, rules: services.readRules,
        clock: services.time, sleeper: TaskSleeper())
      let pace = work.withLock { $0.pace } ?? services.pace
      let (_, left) = await driver.run(
        items.map { .answer($0) }, settings: RunSettings(place: services.place, reason: reason),
        pace: pace, stop: stop
      ) { news in
        if case .ended(let index, let result) = news, items.indices.contains(index) {
          work.withLock { $0.sentAnswers.append(SentAnswer(item: items[index], result: result)) }
        }
        post(.runTold(token, news, at: services.time.uptime()))
      }
      work.withLock {
        $0.pace = left
        $0.stops[token] = nil
      }
      return nil
    }
  }

  private func onFiles(_ body: @escaping @Sendable (ScreenServices) -> Void) {
    work.withLock { work in
      work.files = Task.detached { [before = work.files, services] in
        await before?.value
        body(services)
      }
    }
  }
}

extension ScreenServices {
  fileprivate func readJournal() -> JournalReading {
    do throws(JournalFault) {
      return .chain(try journal.read())
    } catch {
      return .failed(error)
    }
  }

  fileprivate func noteMismatch(_ id: HandshakeID, _ account: AccountID, _ typed: Untrusted) {
    // SAFETY: no decision depends on this line; a journal that cannot be written stops the sending.
    _ = try? journal.append(.mismatch(id, account, typed: typed))
  }
}

/// The creation of a file that the operator named.
enum ExportFile {
  /// Creates the file with mode 0600, writes and syncs it; an existing file is left unchanged.
  static func write(_ bytes: [UInt8], to path: String) -> FileResult {
    guard let absolute = WorkingDirectory.absolute(path), let slash = absolute.lastIndex(of: "/")
    else {
      return .failed("the current directory cannot be determined")
    }
    let name = String(absolute[absolute.index(after: slash)...])
    guard !name.isEmpty else { return .failed("it is a directory") }
    let parent = slash == absolute.startIndex ? "/" : String(absolute[..<slash])
    do throws(FileError) {
      let directory = try Directory.open(parent, creating: false, privacy: nil)
      guard let file = try directory.createFile(name, .append) else {
        return .failed("the file already exists")
      }
      try file.append(bytes)
      try file.synchronise()
      return .done(Sanitiser.render(Untrusted(absolute), for: .cell, in: .ascii))
    } catch {
      return .failed(error.reason)
    }
  }
}

extension FileError {
  /// A short description for a line on the screen.
  fileprivate var reason: String {
    switch cause {
    case .system(let number): SystemError(number).words
    case .notDirectory: "part of the path is not a directory"
    default: "the directory is not safe to write to"
    }
  }
}
