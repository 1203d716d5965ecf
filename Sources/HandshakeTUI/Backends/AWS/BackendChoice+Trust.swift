import AWSBackend
import Model

extension BackendChoice {
  /// The trust list that goes with what is looked at. Asks nobody.
  var trustFile: TrustFile {
    guard isAWS else { return TrustFile(beside: settings.store.value) }
    return TrustFile(in: settings.places.config, isSandbox: isSandbox)
  }

  /// Whether AWS is asked on this machine. Settings that cannot be used say so where they are used.
  private var isSandbox: Bool {
    let world = world(NoDialogue())
    guard
      let settings = try? AWSSettings.load(
        world: world, profile: settings.profiles.value.first, region: settings.region.value,
        endpointURL: settings.endpointURL.value),
      let endpoint = try? settings.endpoint(for: .organizations)
    else { return false }
    return endpoint.isOnThisMachine
  }
}
