import HandshakeUI
import Model
import Review
import Text

/// What the screens act through: made by the command that opens them.
struct ScreenServices: Sendable {
  /// Through which each account looks; nil for one that cannot.
  var reader: @Sendable (AccountID) -> (any HandshakeReader)?
  /// How many reads may go on at a time; nil for any.
  var readsAtOnce: Int?
  /// Through which each account acts. Read-only mode has none for anybody.
  var backend: @Sendable (AccountID) -> (any HandshakeBackend)?
  /// Whose a profile is, by STS. From then on there is a reader for that account.
  var resolve: @Sendable (Untrusted) async -> Result<AccountID, BackendError>
  var logIn: @Sendable (Untrusted) async -> LoginResult
  /// Who asks the operator from now on.
  var takeDialogue: @Sendable (any LoginDialogue) -> Void
  var journal: Journal
  /// Reads the trust list's file; may wait for the disk.
  var readTrust: @Sendable () -> TrustReading
  /// Reads what the runner checks right before each INTENT; may wait for the disk.
  var readRules: @Sendable () -> RulesReading
  var place: ServicePlace
  /// The service's buckets.
  var pace: Pace
  var drafts: Drafts?
  var time: any TimeSource
  var random: any RandomSource
}
