import LocalBackend
import Model
import Platform
import ReviewInbox
import Text

/// The trust list in a file of its own, which only `trust add` and `trust remove` write.
///
/// It is beside the configuration for AWS, and beside its store for an embedded organization.
struct TrustFile: Hashable, Sendable {
  let path: String
  private static let limit = 4 << 20

  init(path: String) {
    self.path = path
  }

  /// Names the trust list of AWS, or the separate one of a sandbox, which proves nothing about AWS.
  init(in configuration: String, isSandbox: Bool) {
    path = configuration + (isSandbox ? "/sandbox.trust.toml" : "/trust.toml")
  }

  /// Names the trust list of an embedded organization.
  init(beside store: String) {
    path = store + ".trust.toml"
  }

  /// Reads the file; nil when it does not exist.
  ///
  /// - Throws: `CommandFailure` when the file or its directory cannot be read, can be written by
  ///   others, or is larger than 4 MiB.
  func bytes(_ format: Formatter) throws(CommandFailure) -> [UInt8]? {
    let (directory, name) = path.splitAtLastSlash
    do throws(FileError) {
      return try Directory.open(directory, creating: false, privacy: .unforged)
        .contents(of: name, limit: Self.limit, privacy: .unforged)
    } catch {
      if error.isMissing { return nil }
      throw error.failure(format)
    }
  }

  /// Reads the list; it is empty when the file does not exist.
  ///
  /// - Throws: `CommandFailure` when the file cannot be read or used, or a line of it is invalid.
  func read(_ format: Formatter) throws(CommandFailure) -> TrustList {
    guard let bytes = try bytes(format) else { return TrustList() }
    do throws(TrustFileError) {
      return try TrustText.read(bytes)
    } catch { throw error.failure(path, format) }
  }

  /// Replaces the file with `list`.
  ///
  /// - Throws: `CommandFailure` when the directory or the file cannot be written or used.
  func write(_ list: TrustList, _ format: Formatter) throws(CommandFailure) {
    let (directory, name) = path.splitAtLastSlash
    do throws(FileError) {
      try Directory.open(directory, creating: true, privacy: .unforged)
        .replace(name, with: Array(TrustText.write(list).utf8))
    } catch { throw error.failure(format) }
  }
}

extension TrustFileError {
  func failure(_ path: String, _ format: Formatter) -> CommandFailure {
    CommandFailure(
      .failed, "\(format.full(path)):\(line)", why: format.full(problem),
      remedy: "Fix this line; handshake trust add writes the file.")
  }
}

extension TrustList {
  /// Returns the trust list of the demonstration, with two of its organizations.
  static func demonstration(at now: Timestamp) -> TrustList {
    TrustList(
      DemoTrust.entries.compactMap { entry in
        guard let organization = OrganizationID(entry.organization),
          let account = AccountID(entry.managementAccount)
        else { return nil }
        return TrustedOrganization(
          organization: organization, managementAccount: account, name: Untrusted(entry.name),
          addedAt: now, addedBy: Untrusted("demonstration"))
      })
  }
}
