import Glibc
import Model
import ReviewAnswering
import ReviewJournal
import ReviewWording
import Synchronization
import Terminal
import Text

/// The sending of write requests one after another, for commands.
struct Sender: Sendable {
  let run: CommandContext
  let place: ServicePlace
  let writer: Writer
  let stop: StopFlag

  /// Sends the requests and returns their results, in the same order.
  func send(_ writes: [WriteRequest], reason: Untrusted?) async -> [WriteResult] {
    let driver = RunDriver(
      backends: writer.backends, journal: run.journal, rules: run.rulesReader,
      clock: run.dependencies.time, sleeper: TaskSleeper())
    let settings = RunSettings(place: place, reason: reason)
    let (summary, _) = await driver.run(
      writes, settings: settings, pace: writer.pace, stop: stop
    ) { news in tell(news, writes) }
    return summary.results
  }

  /// The journal's last number and hash, which show later whether its end was cut off.
  var journalHead: String? {
    // SAFETY: a journal that cannot be read was reported when it was written.
    guard let head = try? run.journal.head() else { return nil }
    return head.words
  }

  private func tell(_ news: RunNews, _ writes: [WriteRequest]) {
    guard case .stage(let index, let stage) = news, writes.indices.contains(index) else { return }
    let subject = writes[index].handshake?.text ?? writes[index].account.text
    if let words = stage.words(in: run.format.charset) {
      run.note("\(subject): \(words)")
    } else {
      run.log?.record("stage", ["id": subject, "stage": stage.name])
    }
  }
}

/// A watch for the signals that end programs, while something is sent.
///
/// The request in flight has 1.5 seconds to be finished and recorded (SEC-4.4.13), and the rest is not
/// tried.
struct SendingWatch: Sendable {
  let stop = StopFlag()
  private let signals: SignalWatch
  private let caught = Caught()

  private final class Caught: Sendable {
    let number = Mutex<Int32?>(nil)
  }

  /// Blocks the signals and starts to watch them.
  ///
  /// - Throws: `CommandFailure` when the descriptors of the watch cannot be created.
  init() throws(CommandFailure) {
    SignalWatch.block()
    do throws(TerminalFault) {
      // A closed reader of our output stops nothing: the kernel sends SIGPIPE to the thread that
      // wrote, where it is blocked and the watch does not see it.
      signals = try SignalWatch { [stop, caught] number in
        // A change of the window's size ends nothing either.
        guard SignalWatch.ending.contains(number) else { return }
        caught.number.withLock { $0 = $0 ?? number }
        stop.raise(.now)
      }
    } catch { throw CommandFailure(.failed, error.text) }
  }

  /// Ends the watch and returns the exit status: the first signal's, or `status` if there was none.
  func end(with status: Status) -> Status {
    signals.standDown()
    return caught.number.withLock { $0 }.map { .signal($0) } ?? status
  }
}

/// The attempts that earlier sessions left unresolved, for commands.
struct Reconciling: Sendable {
  let run: CommandContext
  let service: Service

  private var reconciler: Reconciler {
    Reconciler(
      readers: service.readers, journal: run.journal, sleeper: TaskSleeper(),
      place: service.place)
  }

  /// Reconciles the unresolved attempts of these accounts before anything else is sent.
  ///
  /// Returns false when there were none.
  ///
  /// - Throws: `CommandFailure` when the journal cannot be read or written.
  func reconcile(of accounts: Set<AccountID>, stop: StopFlag) async throws(CommandFailure) -> Bool {
    do throws(JournalFault) {
      let reconciler = reconciler
      guard try !reconciler.open(of: accounts).isEmpty else { return false }
      run.note("checking the outcome of an earlier attempt")
      let run = run
      _ = try await reconciler.reconcile(of: accounts, stop: stop) { finding in
        run.note(finding.words(in: run.format.charset))
      }
      return true
    } catch { throw CommandFailure(error, run.format) }
  }

  /// Notes unresolved attempts, for a command that does not wait for their outcome.
  func noteOpen() {
    do throws(JournalFault) {
      if let words = ExitSummary.words(unresolved: try reconciler.open()) { run.note(words) }
    } catch {
      run.complain(CommandFailure(error, run.format))
    }
  }
}
