import Model
import Review
import Text
import Wire

/// A change of the trust list: on the disk whole or not at all, and in the journal.
struct TrustChange {
  let run: Invocation

  /// The entry that was there before.
  func make(
    _ event: JournalEvent, _ change: (inout TrustList) -> TrustedOrganization?
  ) throws(CommandFailure) -> TrustedOrganization? {
    try run.settings.places.requireComplete()
    let file = run.trustFile
    return try file.exclusively(run.ink) { () throws(CommandFailure) in
      var list = try file.read(run.ink)
      let before = change(&list)
      // Written down first: a list that nobody answers for must not count.
      do throws(JournalFault) {
        try run.journal.append(event)
      } catch { throw CommandFailure(error, run.ink) }
      try file.write(list, run.ink)
      return before
    }
  }
}

extension TrustFile {
  /// Runs `body` while no other process changes the list.
  fileprivate func exclusively<Value>(
    _ ink: Ink, _ body: () throws(CommandFailure) -> Value
  ) throws(CommandFailure) -> Value {
    let (directory, name) = path.splitAtLastSlash
    let lock: OpenFile
    do throws(FileError) {
      lock = try Directory.open(directory, creating: true, privacy: .unforged)
        .openOrCreate("." + name + ".lock", .readWrite).file
      _ = try lock.lock(waiting: true)
    } catch { throw error.failure(ink) }
    defer { lock.unlock() }
    return try body()
  }
}

extension TrustedOrganization {
  /// With the names that it was seen under besides the operator's own.
  func json(in list: TrustList) -> JSONValue {
    let seen = list.names(of: organization, managedBy: managementAccount).filter { $0 != name }
    return .members([
      ("OrganizationId", .text(organization.text)),
      ("ManagementAccountId", .text(managementAccount.text)), ("Name", .string(name)),
      ("AddedAt", .text(addedAt.awsCLIText)), ("AddedBy", .string(addedBy)),
      ("SeenNames", seen.isEmpty ? nil : .array(seen.map { .string($0) })),
    ])
  }
}
