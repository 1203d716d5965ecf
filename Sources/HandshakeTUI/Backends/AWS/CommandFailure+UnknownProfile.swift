import Model
import Review

extension CommandFailure {
  /// A profile whose account could not be learnt.
  static func unknown(_ profile: UnknownProfile, _ ink: Ink) -> CommandFailure {
    var failure = CommandFailure(profile.error, ink)
    failure.what = "profile \(ink.full(profile.name)): unknown: \(failure.what)"
    return failure
  }
}
