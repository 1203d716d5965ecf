import AWSBackend
import Model

extension BackendChoice {
  /// For the screens: of AWS nothing is asked here, so that the first frame waits for nobody.
  func openForScreens() async throws(CommandFailure) -> Access {
    guard settings.input.value == nil, isAWS else { return try await open() }
    let world = world(dialogue)
    let profiles = try profiles(in: world)
    let directory = ProfileDirectory(profiles, world: world)
    let dialogue = surroundings.dialogue
    var service = Service(
      place: try place(of: profiles), label: label(of: profiles), profiles: [],
      readers: { directory.connection($0)?.reader })
    service.strangers = Strangers(of: profiles)
    service.strangers.files = surroundings.doubtfulFiles.all.map { settings.ink.full($0.path) }
    service.unresolved = directory.names
    service.resolve = { await directory.resolve($0) }
    service.logIn = { await directory.logIn($0) }
    service.takeDialogue = { dialogue.take($0) }
    if settings.readOnly.value { return .reading(service) }
    return .writing(
      service,
      Writer(backends: { directory.connection($0)?.backend }, pace: .organizations))
  }
}
