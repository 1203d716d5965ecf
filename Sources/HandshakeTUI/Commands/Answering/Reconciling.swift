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
      run.note("finding out what became of an earlier attempt")
      let run = run
      _ = try await reconciler.reconcile(of: accounts, stop: stop) { finding in
        run.note(finding.words(run.ink))
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
        "it is not known what became of attempt \(first.intent.id.text) as "
          + "\(first.intent.account.text)\(more): see handshake journal; accept, decline and "
          + "cancel find out first")
    } catch {
      run.complain(CommandFailure(error, run.ink))
    }
  }
}

extension Reconciler.Finding {
  fileprivate func words(_ ink: Ink) -> String {
    let subject = intent.handshake?.text ?? intent.id.text
    switch outcome {
    case .done, .doneLater: return "\(subject): it was done, by this or another session"
    case .notApplied(let state):
      return "\(subject): not applied\(state.map { ", it is " + ink.full($0.wireName) } ?? "")"
    case .unknown(let doubt, _): return "\(subject): still unknown. \(doubt.words)"
    case .notSent, .refused: return "\(subject): nothing was applied"
    }
  }
}
