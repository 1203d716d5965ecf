import AWSBackend
import HandshakeUI
import Machine
import Model
import Review
import Text

extension InfoCommand {
  /// The settings of each profile, and who it turns out to be. Asks STS and DescribeOrganization.
  func addAWS(_ run: Invocation, to facts: inout InfoFacts) throws(CommandFailure) {
    let choice = run.choice
    let profiles = try choice.profiles(in: choice.world(choice.dialogue))
    for line in Strangers(of: profiles).words(run.ink) { run.note(line) }
    let isSandbox = profiles.contains { $0.connection.endpoint.isOnThisMachine }
    facts.add(
      "service", (isSandbox ? BackendLabel.sandbox : .aws).rawValue, "backend")
    for remark in profiles.first?.settings.profiles.remarks ?? [] {
      facts.add("passed_over", run.ink.full(remark.text), run.ink.full(remark.origin.text))
    }
    for profile in profiles {
      for row in profile.settings.rows {
        facts.add(
          "profile.\(run.ink.full(profile.name)).\(row.name)", run.ink.full(row.value),
          run.ink.full(row.origin))
      }
    }
    let answers = Blocking.run {
      await concurrently(profiles) { await $0.identity() }
    }
    var failed: CommandFailure?
    for (profile, answer) in zip(profiles, answers) {
      let prefix = "profile.\(run.ink.full(profile.name))."
      switch answer {
      case .success(let known): facts.add(known, prefix, run.ink)
      case .failure(let error):
        let failure = CommandFailure.unknown(
          UnknownProfile(name: profile.name, error: error), run.ink)
        facts.add(prefix + "error", failure.text, "STS")
        failed = failure
      }
    }
    let trust = try run.trustList()
    facts.add("trust_file", run.ink.full(run.trustFile.path), "config")
    facts.add("trusted", trust.sorted.map(\.organization.text).joined(separator: " "), "trust_file")
    if let failed { throw failed }
  }
}

/// Who a profile is, and where its keys come from.
struct KnownProfile: Sendable {
  var identity: Identity
  var source: CredentialsFault.Source?
}

extension AWSProfile {
  fileprivate func identity() async -> Result<KnownProfile, BackendError> {
    do throws(BackendError) {
      let identity = try await connection.reader.identity().value
      // SAFETY: they were there a moment ago; without them the row is left out.
      let source = try? await connection.credentials.credentials().source
      return .success(KnownProfile(identity: identity, source: source))
    } catch { return .failure(error) }
  }
}

extension InfoFacts {
  mutating func add(_ known: KnownProfile, _ prefix: String, _ ink: Ink) {
    let identity = known.identity
    add(prefix + "account", identity.account.text, "STS")
    add(prefix + "caller", ink.full(identity.caller), "STS")
    add(prefix + "role", identity.role.rawValue, "DescribeOrganization")
    add(prefix + "organization", identity.organization?.id.text ?? "none", "DescribeOrganization")
    if let source = known.source { add(prefix + "credentials", source.rawValue, "profile") }
    if let ends = identity.credentialsEnd { add(prefix + "ends", ends.awsCLIText, "credentials") }
  }
}
