import Model
import Review
import Text

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
