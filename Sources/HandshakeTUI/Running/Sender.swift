import Glibc
import Model
import Review
import Synchronization
import Text

/// Sends errands one after another, for commands.
struct Sender: Sendable {
  let run: Invocation
  let place: ServicePlace
  let writer: Writer
  let stop: StopFlag

  /// What became of each, in their order.
  func send(_ errands: [Errand], reason: Untrusted?) async -> [ErrandResult] {
    let driver = RunDriver(
      backends: writer.backends, journal: run.journal, rules: run.rulesReader,
      clock: run.surroundings.time, sleeper: TaskSleeper())
    let settings = RunSettings(place: place, reason: reason)
    let (summary, _) = await driver.run(
      errands, settings: settings, pace: writer.pace, stop: stop
    ) { news in tell(news, errands) }
    return summary.results
  }

  /// The head of the chain, which shows later whether its end was cut off.
  var journalHead: String? {
    // SAFETY: a journal that cannot be read has said so where it was written.
    guard let head = try? run.journal.head() else { return nil }
    return "journal \(head.sequence) \(head.hash.text)"
  }

  private func tell(_ news: RunNews, _ errands: [Errand]) {
    guard case .stage(let index, let stage) = news, errands.indices.contains(index) else { return }
    let subject = errands[index].handshake?.text ?? errands[index].account.text
    switch stage {
    case .waiting(let span, .pace):
      run.note("\(subject): waiting \(span.wholeSeconds) s for AWS's rate limit")
    case .waiting(let span, .retry):
      run.note("\(subject): waiting \(span.wholeSeconds) s to try again: it was not sent")
    case .waiting(let span, .reconcile(let inquiry)):
      run.note("\(subject): \(inquiry.words(waiting: span, in: run.ink.charset))")
    case .checking, .sending, .reconciling:
      run.log?.record("stage", ["id": subject, "stage": stage.name])
    }
  }
}

extension RunNews.Stage {
  fileprivate var name: String {
    switch self {
    case .waiting: "waiting"
    case .checking: "checking"
    case .sending: "sending"
    case .reconciling(let inquiry): "reading \(inquiry.reading) of \(inquiry.limit)"
    }
  }
}

/// Watches for the signals that end programs while something is sent: what is in flight is finished
/// and written down, and the rest is not tried.
struct SendingWatch: Sendable {
  let stop = StopFlag()
  private let signals: SignalWatch
  private let caught = Caught()

  private final class Caught: Sendable {
    let number = Mutex<Int32?>(nil)
  }

  init() throws(CommandFailure) {
    SignalWatch.block()
    do throws(TerminalFault) {
      // A reader of our words that is gone stops nothing: the kernel's SIGPIPE goes to the thread that
      // wrote, where it is blocked and the watch does not see it.
      signals = try SignalWatch { [stop, caught] number in
        // A window that changes its size ends nothing either.
        guard SignalWatch.ending.contains(number) else { return }
        caught.number.withLock { $0 = $0 ?? number }
        stop.raise(.now)
      }
    } catch { throw CommandFailure(.failed, error.text) }
  }

  /// What the command ends with when a signal came first.
  func end(with status: Status) -> Status {
    signals.standDown()
    return caught.number.withLock { $0 }.map { .signal($0) } ?? status
  }
}

/// What earlier sessions left open, for commands.
struct Reconciling: Sendable {
  let run: Invocation
  let service: Service

  private var reconciler: Reconciler {
    Reconciler(
      readers: service.readers, journal: run.journal, sleeper: TaskSleeper(),
      place: service.place)
  }

  /// Finds out, before anything else is sent, what became of attempts of these accounts. Whether
  /// there were any.
  func reconcile(of accounts: Set<AccountID>, stop: StopFlag) async throws(CommandFailure) -> Bool {
    do throws(JournalFault) {
      let reconciler = reconciler
      guard try !reconciler.open(of: accounts).isEmpty else { return false }
      run.note("checking the outcome of an earlier attempt")
      let run = run
      _ = try await reconciler.reconcile(of: accounts, stop: stop) { finding in
        run.note(finding.words(in: run.ink.charset))
      }
      return true
    } catch { throw CommandFailure(error, run.ink) }
  }

  /// For a command that does not wait.
  func noteOpen() {
    do throws(JournalFault) {
      let open = try reconciler.open()
      guard let first = open.first else { return }
      let more = open.count > 1 ? " and \(open.count - 1) more" : ""
      run.note(
        "attempt \(first.intent.id.text) as \(first.intent.account.text)\(more) is unresolved: see "
          + "handshake journal; accept, decline and cancel check its outcome first")
    } catch {
      run.complain(CommandFailure(error, run.ink))
    }
  }
}
