/// Why a document holds no handshakes that could be shown. Offsets count the document's own bytes.
public enum DocumentFault: Error, Hashable, Sendable {
  /// It is no JSON from the start on.
  case notJSON(JSONFault)
  /// JSON, but neither a listing, nor a handshake, nor anything that holds one.
  case noHandshakes(DocumentKind, offset: Int)
}

/// The kind of a JSON document in which there are no handshakes.
public enum DocumentKind: String, Hashable, CaseIterable, Sendable {
  /// Events, none of which carries a handshake.
  case cloudTrail
  case terraform
  case cloudFormation
  /// A reply of AWS that reports an error.
  case errorReply
  case callerIdentity
  case organization
  case accounts
  case transfers
  case accountCreations
  /// What `handshake journal` keeps and prints.
  case journal
  /// A `Handshakes` or `Handshake` that is null or of another type.
  case listingOfAnotherType
  /// An object without any member, or no object at all.
  case empty
  case other

  /// Tells the kind by the names of its members.
  init(names: Set<String>) {
    self =
      Self.marks.first { $0.names.isSubset(of: names) }?.kind ?? (names.isEmpty ? .empty : .other)
  }

  /// Names that only this kind has together, the more telling ones first.
  private static let marks: [(kind: DocumentKind, names: Set<String>)] = [
    (.listingOfAnotherType, ["Handshakes"]), (.listingOfAnotherType, ["Handshake"]),
    (.cloudTrail, ["eventVersion", "eventSource"]), (.cloudTrail, ["CloudTrailEvent"]),
    (.cloudTrail, ["eventSource", "eventName"]),
    (.terraform, ["terraform_version"]), (.terraform, ["lineage", "serial"]),
    (.terraform, ["resources", "instances"]), (.terraform, ["planned_values"]),
    (.cloudFormation, ["AWSTemplateFormatVersion"]),
    (.cloudFormation, ["Resources", "Properties"]),
    (.errorReply, ["__type"]), (.errorReply, ["Error", "Code"]),
    (.errorReply, ["Error", "Message"]),
    (.callerIdentity, ["UserId", "Account", "Arn"]),
    (.organization, ["Organization"]), (.accounts, ["Accounts"]),
    (.accounts, ["JoinedTimestamp"]), (.accounts, ["Id", "Arn", "Name", "Status"]),
    (.accounts, ["Account", "Email"]),
    (.transfers, ["ResponsibilityTransfers"]), (.transfers, ["ResponsibilityTransfer"]),
    (.accountCreations, ["CreateAccountStatuses"]), (.accountCreations, ["CreateAccountStatus"]),
    (.journal, ["seq", "prev", "hash"]),
  ]
}
