import Drawing
import HandshakeUI
import Model
import Review
import Text

/// What the screens begin with, made of the settings and the service.
struct ScreenStart: Sendable {
  let run: Invocation
  let access: Access
  let opening: HandshakeID?

  private var service: Service { access.service }

  private var mode: Mode {
    if case .writing = access { .write } else { .readOnly }
  }

  func launch(_ size: Size, _ charset: Charset, zone: Zone?, kept: [KeptAnswer]) -> Launch {
    let time = run.surroundings.time
    return Launch(
      size: size, charset: charset, place: service.place, backend: service.label,
      endpoint: service.strangers.endpoint,
      certificates: service.strangers.certificates,
      doubtfulFile: service.strangers.file, mode: mode,
      profiles: service.profiles, unresolved: service.unresolved,
      account: run.settings.account.value, storeOffset: service.clockOffset, clock: time.now(),
      uptime: time.uptime(),
      grace: .seconds(Int64(run.settings.grace.value)), zone: zone, opening: opening, kept: kept)
  }

  /// - Parameter drafts: Nil keeps nothing of what is staged.
  func services(drafts: Drafts?) -> ScreenServices {
    let start = self
    let backend: @Sendable (AccountID) -> (any HandshakeBackend)?
    let pace: Pace
    switch access {
    case .reading:
      backend = { _ in nil }
      pace = .unlimited
    case .writing(_, let writer):
      backend = writer.backends
      pace = writer.pace
    }
    return ScreenServices(
      reader: service.readers, readsAtOnce: service.readsAtOnce, backend: backend,
      resolve: service.resolve, logIn: service.logIn,
      takeDialogue: service.takeDialogue, journal: run.journal,
      readTrust: { start.trustReading }, readRules: run.rulesReader,
      place: service.place, pace: pace, drafts: drafts, time: run.surroundings.time,
      random: run.surroundings.random)
  }

  /// The trust list as it now is on the disk.
  var trustReading: TrustReading {
    do throws(CommandFailure) {
      return .list(try run.trustList())
    } catch {
      return .failed(error.text)
    }
  }
}
