import AWSBackend
import Model

extension BackendChoice {
  /// The trust list that goes with what is looked at. Asks nobody.
  var trustFile: TrustFile {
    // The AWS CLI printed it, or something that looks so: what is known of an organization of our own
    // proves nothing there.
    guard settings.input.value == nil else {
      return TrustFile(in: settings.places.config, isSandbox: false)
    }
    guard isAWS else { return TrustFile(beside: settings.store.value) }
    return TrustFile(in: settings.places.config, isSandbox: isSandbox)
  }

  /// Whether AWS is asked on this machine. Settings that cannot be used say so where they are used.
  private var isSandbox: Bool {
    guard
      let settings = try? AWSSettings.load(
        world: quietWorld, profile: settings.profiles.value.first, region: settings.region.value,
        endpointURL: settings.endpointURL.value),
      let endpoint = try? settings.endpoint(for: .organizations)
    else { return false }
    return endpoint.isOnThisMachine
  }
}
